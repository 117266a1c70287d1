package io.trainer4j.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.trainer4j.tensor.Device;
import io.trainer4j.tensor.Scope;
import io.trainer4j.tensor.TensorData;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.DeviceType;
import org.junit.jupiter.api.Test;

class KeyValueCacheTest {
    @Test
    void whatIsAppendedIsReturnedBehindWhatWasThere() {
        try (KeyValueCache cache = new KeyValueCache(1);
                Scope scope = Scope.open()) {
            assertThat(append(cache, 0, 1, 2)).containsExactly(1, 2);
            assertThat(cache.length()).isEqualTo(2);
            assertThat(append(cache, 0, 3)).containsExactly(1, 2, 3);
            assertThat(cache.length()).isEqualTo(3);
        }
    }

    @Test
    void keysAndValuesOfEveryLayerAreApart() {
        try (KeyValueCache cache = new KeyValueCache(2);
                Scope scope = Scope.open()) {
            assertThat(TensorData.toFloats(cache.appendKeys(0, row(1)))).containsExactly(1);
            assertThat(TensorData.toFloats(cache.appendValues(0, row(2)))).containsExactly(2);
            assertThat(TensorData.toFloats(cache.appendKeys(1, row(3)))).containsExactly(3);
            assertThat(TensorData.toFloats(cache.appendValues(1, row(4)))).containsExactly(4);
            cache.advance(1);
            assertThat(TensorData.toFloats(cache.appendValues(0, row(5)))).containsExactly(2, 5);
            assertThat(TensorData.toFloats(cache.appendKeys(1, row(6)))).containsExactly(3, 6);
        }
    }

    @Test
    void shapesAreThoseOfHeads() {
        try (KeyValueCache cache = new KeyValueCache(1);
                Scope scope = Scope.open()) {
            Tensor keys = cache.appendKeys(0, TensorData.zeros(1, 3, 2, 5));
            cache.appendValues(0, TensorData.zeros(1, 3, 2, 5));
            assertThat(keys.shape()).containsExactly(1, 3, 2, 5);
            cache.advance(2);
            assertThat(cache.appendKeys(0, TensorData.zeros(1, 3, 4, 5)).shape())
                    .containsExactly(1, 3, 6, 5);
        }
    }

    @Test
    void itGrowsWhereTheKeysLie() {
        Device meta = new Device(DeviceType.Meta);
        try (KeyValueCache cache = new KeyValueCache(1);
                Scope scope = Scope.open()) {
            assertThat(Device.of(cache.appendKeys(0, meta.put(row(1))))).isEqualTo(meta);
            cache.appendValues(0, meta.put(row(1)));
            cache.advance(1);
            assertThat(Device.of(cache.appendKeys(0, meta.put(TensorData.zeros(1, 1, 200, 1)))))
                    .isEqualTo(meta);
        }
    }

    @Test
    void tokensThatWereForgottenAreOverwritten() {
        try (KeyValueCache cache = new KeyValueCache(1);
                Scope scope = Scope.open()) {
            append(cache, 0, 1, 2, 3, 4);
            cache.truncate(2);
            assertThat(cache.length()).isEqualTo(2);
            assertThat(append(cache, 0, 9)).containsExactly(1, 2, 9);
            cache.truncate(100);
            assertThat(cache.length()).as("there are no more").isEqualTo(3);
            cache.truncate(0);
            assertThat(append(cache, 0, 7)).containsExactly(7);
            cache.truncate(-1);
            assertThat(cache.length()).isZero();
        }
    }

    @Test
    void moreTokensThanFitAtFirstAreKeptWhole() {
        try (KeyValueCache cache = new KeyValueCache(1);
                Scope scope = Scope.open()) {
            for (int i = 0; i < 300; i++) {
                append(cache, 0, i);
            }
            float[] all = append(cache, 0, 300);
            assertThat(all).hasSize(301);
            for (int i = 0; i < all.length; i++) {
                assertThat(all[i]).isEqualTo(i);
            }
        }
    }

    @Test
    void aLongTextAtOnceFits() {
        try (KeyValueCache cache = new KeyValueCache(1);
                Scope scope = Scope.open()) {
            float[] text = new float[500];
            text[499] = 5;
            assertThat(append(cache, 0, text)).hasSize(500).endsWith(5);
            assertThat(append(cache, 0, 6)).hasSize(501).endsWith(5, 6);
        }
    }

    @Test
    void tokensCountOnlyOnceEveryLayerHasThem() {
        try (KeyValueCache cache = new KeyValueCache(1);
                Scope scope = Scope.open()) {
            cache.appendKeys(0, row(1));
            cache.appendValues(0, row(1));
            assertThat(cache.length()).isZero();
            assertThat(TensorData.toFloats(cache.appendKeys(0, row(2))))
                    .as("a forward pass that failed is written over")
                    .containsExactly(2);
        }
    }

    @Test
    void closingTwiceIsHarmless() {
        KeyValueCache cache = new KeyValueCache(2);
        try (Scope scope = Scope.open()) {
            append(cache, 0, 1);
        }
        cache.close();
        cache.close();
        assertThat(cache.length()).isEqualTo(1);
    }

    private static float[] append(KeyValueCache cache, int layer, float... tokens) {
        cache.appendValues(layer, row(tokens));
        float[] all = TensorData.toFloats(cache.appendKeys(layer, row(tokens)));
        cache.advance(tokens.length);
        return all;
    }

    private static Tensor row(float... tokens) {
        return TensorData.floats(tokens, 1, 1, tokens.length, 1);
    }
}
