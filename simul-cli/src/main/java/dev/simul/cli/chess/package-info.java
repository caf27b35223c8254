/** {@code simul chess}: the exhibition in which one master plays many boards, one after the other and by turns. */
@NullMarked
package dev.simul.cli.chess;

import org.jspecify.annotations.NullMarked;
