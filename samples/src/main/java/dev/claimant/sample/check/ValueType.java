package dev.claimant.sample.check;

import java.util.List;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * What a single value may be, as the tables write it: {@code text}, {@code bool}, {@code number}, {@code positive}, {@code quantity},
 * {@code int}, {@code int 1} for a least value, or the choices themselves, separated by {@code |}.
 */
record ValueType(String expression) {

    boolean isChoice() {
        return expression.contains("|");
    }

    private String kind() {
        return isChoice() ? "text" : expression.split(" ", 2)[0];
    }

    /** Whether YAML reads the value as the type that the API server wants: in quotes or not makes the difference. */
    boolean hasRightType(Element value) {
        return switch (kind()) {
            case "any" -> true;
            case "int" -> value.hasTag(Tag.INT);
            case "bool" -> value.hasTag(Tag.BOOL);
            case "quantity" -> value.hasTag(Tag.STR, Tag.INT, Tag.FLOAT);
            default -> value.hasTag(Tag.STR);
        };
    }

    String wanted() {
        return switch (kind()) {
            case "int" -> "a whole number, without quotes";
            case "bool" -> "true or false, without quotes";
            case "quantity" -> "a quantity";
            default -> "text; write numbers, true and false in quotes";
        };
    }

    boolean isAmongChoices(Element value) {
        return !isChoice() || choices().contains(value.text());
    }

    List<String> choices() {
        return List.of(expression.split("\\|"));
    }

    boolean isInRange(Element value) {
        String[] parts = expression.split(" ", 2);
        return parts.length < 2 || value.numberOr(0) >= Double.parseDouble(parts[1]);
    }

    String range() {
        return "at least " + expression.substring(expression.indexOf(' ') + 1);
    }

    /** Whether a scaler could read the text. */
    boolean isReadable(String text) {
        return switch (kind()) {
            case "int" -> text.matches("-?\\d+");
            case "number" -> isNumber(text);
            case "positive" -> isNumber(text) && Double.parseDouble(text) > 0;
            case "bool" -> text.equals("true") || text.equals("false");
            default -> isChoice() ? choices().contains(text) : !text.isBlank();
        };
    }

    String readable() {
        return switch (kind()) {
            case "int" -> "a whole number";
            case "number" -> "a number";
            case "positive" -> "a number above 0";
            case "bool" -> "true or false";
            default -> isChoice() ? "one of " + String.join(", ", choices()) : "text";
        };
    }

    private static boolean isNumber(String text) {
        try {
            return Double.isFinite(Double.parseDouble(text));
        } catch (NumberFormatException e) {
            return false;
        }
    }
}
