package dev.simul.jobs.internal.redis;

import java.math.BigDecimal;

/** Spells a number as Python's {@code repr} of a float does: {@code 1e+16} for what is {@code 1.0E16} in Java. */
public final class PythonFloat {
    private PythonFloat() {}

    /** The spelling of a number; {@code nan}, {@code inf} and {@code -inf} for what JSON has no number for. */
    public static String spell(double number) {
        if (!Double.isFinite(number)) {
            return Double.isNaN(number) ? "nan" : number > 0 ? "inf" : "-inf";
        }
        var java = Double.toString(number);
        return java.indexOf('E') < 0 ? java : spell(new BigDecimal(java).stripTrailingZeros());
    }

    private static String spell(BigDecimal number) {
        int exponent = number.precision() - number.scale() - 1;
        if (exponent >= -4 && exponent < 16) {
            var plain = number.toPlainString();
            return plain.indexOf('.') < 0 ? plain + ".0" : plain;
        }
        var digits = number.unscaledValue().abs().toString();
        var point = digits.length() > 1 ? "." : "";
        return (number.signum() < 0 ? "-" : "")
                + digits.charAt(0)
                + point
                + digits.substring(1)
                + (exponent < 0 ? "e-" : "e+")
                + (Math.abs(exponent) < 10 ? "0" : "")
                + Math.abs(exponent);
    }
}
