package example;

import org.jspecify.annotations.NullMarked;

/** Badly laid out. */
@NullMarked
final class Planted {
  static int one( ) { return 1; }
}
