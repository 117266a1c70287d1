package io.trainer4j.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trainer4j.UsageException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NamedSettingsTest {
    @Test
    void pairsAreRead() {
        NamedSettings settings = NamedSettings.parse("optim_args", "momentum = 0.9, nesterov=True,steps=3");
        assertThat(settings.number("momentum", 0)).isEqualTo(0.9);
        assertThat(settings.truth("nesterov", false)).isTrue();
        assertThat(settings.integer("steps", 1)).isEqualTo(3);
        assertThat(settings.number("dampening", 0.25)).isEqualTo(0.25);
        assertThat(settings.has("momentum")).isTrue();
        assertThat(settings.has("other")).isFalse();
    }

    @Test
    void nothingGivenIsAllDefaults() {
        for (String text : new String[] {null, "", "  "}) {
            NamedSettings settings = NamedSettings.parse("optim_args", text);
            assertThat(settings.number("a", 1.5)).isEqualTo(1.5);
            assertThat(settings.truth("b", true)).isTrue();
            assertThat(settings.word("c", "x", Set.of("x", "y"))).isEqualTo("x");
        }
        assertThat(NamedSettings.of("lr_scheduler_kwargs", null).integer("a", 4))
                .isEqualTo(4);
    }

    @Test
    void valuesOfAFileAreReadAndNullsLeftOut() {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("num_cycles", 0.5);
        values.put("patience", 3);
        values.put("smooth", true);
        values.put("mode", "MAX");
        values.put("min_lr", null);
        NamedSettings settings = NamedSettings.of("lr_scheduler_kwargs", values);
        assertThat(settings.number("num_cycles", 1)).isEqualTo(0.5);
        assertThat(settings.integer("patience", 1)).isEqualTo(3);
        assertThat(settings.truth("smooth", false)).isTrue();
        assertThat(settings.word("mode", "min", Set.of("min", "max"))).isEqualTo("max");
        assertThat(settings.has("min_lr")).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"true, true", "1, true", "yes, true", "YES, true", "false, false", "0, false", "no, false"})
    void truthHasSeveralSpellings(String text, boolean expected) {
        assertThat(NamedSettings.parse("o", "a=" + text).truth("a", !expected)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"3, 3", "3.0, 3", "1e2, 100", "-4, -4"})
    void wholeNumbersMayBeWrittenAsFractions(String text, int expected) {
        assertThat(NamedSettings.parse("o", "a=" + text).integer("a", 0)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.5", "x", "NaN", "Infinity", "1e300", "3000000000"})
    void whatIsNoWholeNumberIsRefused(String text) {
        assertThatThrownBy(() -> NamedSettings.parse("o", "a=" + text).integer("a", 0))
                .isInstanceOf(UsageException.class)
                .hasMessageStartingWith("Setting a of option o is '" + text + "' but must be a ");
    }

    @Test
    void wordsAndTruthsOutsideTheirChoiceAreRefused() {
        NamedSettings settings = NamedSettings.parse("o", "a=maybe,b=");
        assertThatThrownBy(() -> settings.truth("a", false))
                .isInstanceOf(UsageException.class)
                .hasMessage("Setting a of option o is 'maybe' but must be one of 0, 1, false, no, true, yes.");
        assertThatThrownBy(() -> settings.number("b", 1))
                .hasMessage("Setting b of option o is '' but must be a number.");
    }

    @ParameterizedTest
    @CsvSource({"a, a", "'a=1,,b=2', ''", "=3, =3", "'a=1,', ''"})
    void whatIsNoPairIsRefused(String text, String part) {
        assertThatThrownBy(() -> NamedSettings.parse("optim_args", text))
                .isInstanceOf(UsageException.class)
                .hasMessage("Option optim_args holds '" + part + "' but must be name=value,name=value.");
    }

    @Test
    void namesThatNobodyAskedForAreRefused() {
        NamedSettings settings = NamedSettings.parse("optim_args", "momentum=0.9,momentun=0.8");
        settings.number("momentum", 0);
        settings.number("dampening", 0);
        assertThatThrownBy(() -> settings.requireAllKnown("sgd"))
                .isInstanceOf(UsageException.class)
                .hasMessage("Option optim_args has no setting momentun for sgd; there are dampening, momentum.");
        NamedSettings known = NamedSettings.parse("optim_args", "a=1");
        known.number("a", 0);
        assertThatCode(() -> known.requireAllKnown("sgd")).doesNotThrowAnyException();
    }

    @Test
    void aSettingWithoutADefaultMustBeGiven() {
        assertThatThrownBy(() -> NamedSettings.parse("o", "").require("steps", "it says how many"))
                .isInstanceOf(UsageException.class)
                .hasMessage("Option o lacks steps; it says how many.");
    }
}
