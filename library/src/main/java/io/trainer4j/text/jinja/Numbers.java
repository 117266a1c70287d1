package io.trainer4j.text.jinja;

import java.math.BigDecimal;
import java.math.BigInteger;

/** Arithmetic with Python's integers, floats and truth values; integers have 64 bits at most. */
final class Numbers {
    private Numbers() {}

    static boolean isNumber(Object value) {
        return value instanceof Number || value instanceof Boolean;
    }

    static boolean isInteger(Object value) {
        return value instanceof Long || value instanceof Boolean;
    }

    static double real(Object value) {
        return value instanceof Double number ? number : Values.integer(value, "a number");
    }

    static Object apply(String operator, Object left, Object right) {
        if (!isInteger(left) || !isInteger(right)) {
            return reals(operator, real(left), real(right));
        }
        try {
            return integers(operator, Values.integer(left, "a number"), Values.integer(right, "a number"));
        } catch (ArithmeticException e) {
            throw tooLarge("the result of '" + operator + "'");
        }
    }

    private static Fault tooLarge(String what) {
        return new Fault(what + " has more than 64 bits");
    }

    private static Object reals(String operator, double a, double b) {
        return switch (operator) {
            case "+" -> a + b;
            case "-" -> a - b;
            case "*" -> a * b;
            case "/" -> a / divisor(b);
            case "//" -> floorDivision(a, divisor(b));
            case "%" -> remainder(a, divisor(b));
            default -> power(a, b);
        };
    }

    /** Has the sign of the divisor. */
    private static double remainder(double a, double b) {
        double remainder = a % b;
        if (remainder == 0) {
            return Math.copySign(0.0, b);
        }
        return (remainder < 0) != (b < 0) ? remainder + b : remainder;
    }

    /** As CPython's float_divmod: the quotient that fits the remainder, which rounding may have moved. */
    private static double floorDivision(double a, double b) {
        double remainder = a % b;
        double quotient = (a - remainder) / b;
        if (remainder != 0 && (remainder < 0) != (b < 0)) {
            quotient -= 1;
        }
        if (quotient == 0) {
            return Math.copySign(0.0, a / b);
        }
        double floor = Math.floor(quotient);
        return quotient - floor > 0.5 ? floor + 1 : floor;
    }

    private static double power(double a, double b) {
        if (a == 0 && b < 0) {
            throw new Fault("zero has no negative power");
        }
        double result = Math.pow(a, b);
        if (Double.isNaN(result) && !Double.isNaN(a) && !Double.isNaN(b)) {
            throw new Fault("a negative number has no real power with a fraction");
        }
        if (Double.isInfinite(result) && !Double.isInfinite(a) && !Double.isInfinite(b)) {
            throw new Fault("the result of '**' is too large for a float");
        }
        return result;
    }

    private static Object integers(String operator, long a, long b) {
        return switch (operator) {
            case "+" -> Math.addExact(a, b);
            case "-" -> Math.subtractExact(a, b);
            case "*" -> Math.multiplyExact(a, b);
            case "/" -> (double) a / nonZero(b);
            case "//" -> b == -1 ? Math.negateExact(a) : Math.floorDiv(a, nonZero(b));
            case "%" -> Math.floorMod(a, nonZero(b));
            default -> b < 0 ? (Object) power((double) a, (double) b) : (Object) power(a, b);
        };
    }

    private static long nonZero(long value) {
        divisor(value == 0 ? 0 : 1);
        return value;
    }

    private static double divisor(double value) {
        if (value == 0) {
            throw new Fault("a number is divided by zero");
        }
        return value;
    }

    private static long power(long base, long exponent) {
        if (exponent > 64 && Math.abs(base) > 1) {
            throw new ArithmeticException();
        }
        // Of 0, 1 and -1 only whether the exponent is odd matters.
        long times = Math.abs(base) > 1 || exponent == 0 ? exponent : 2 - exponent % 2;
        long result = 1;
        for (long i = 0; i < times; i++) {
            result = Math.multiplyExact(result, base);
        }
        return result;
    }

    static Object signed(boolean negative, Object value) {
        if (!isNumber(value)) {
            throw Values.unusable(value, "has no sign");
        }
        if (value instanceof Double number) {
            return negative ? -number : number;
        }
        long number = Values.integer(value, "a number");
        if (negative && number == Long.MIN_VALUE) {
            throw tooLarge("the negated integer");
        }
        return negative ? -number : number;
    }

    static long within64Bits(BigInteger number) {
        if (number.bitLength() >= Long.SIZE) {
            throw tooLarge("an integer");
        }
        return number.longValue();
    }

    /** The integer towards zero. */
    static long truncated(double number) {
        if (!Double.isFinite(number)) {
            throw new Fault(Text.number(number) + " is not an integer");
        }
        return within64Bits(new BigDecimal(number).toBigInteger());
    }

    /** Whether none of two numbers is NaN, so that one is before, with or after the other. */
    static boolean areOrdered(Object left, Object right) {
        return !Double.isNaN(real(left)) && !Double.isNaN(real(right));
    }

    /** Compares the exact values. */
    static int order(Object left, Object right) {
        if (isInteger(left) && isInteger(right)) {
            return Long.compare(Values.integer(left, "a number"), Values.integer(right, "a number"));
        }
        double a = real(left);
        double b = real(right);
        if (a != b || (left instanceof Double && right instanceof Double) || Double.isInfinite(a)) {
            return a < b ? -1 : a > b ? 1 : 0;
        }
        return exact(left).compareTo(exact(right));
    }

    private static BigDecimal exact(Object number) {
        return number instanceof Double real
                ? new BigDecimal(real)
                : BigDecimal.valueOf(Values.integer(number, "a number"));
    }
}
