package io.quipu.transport.client;

import java.util.List;

/**
 * A published view of a board; whole, it needs no earlier one.
 *
 * @param board        its name.
 * @param handle       of the board.
 * @param boardMembers members of the whole board.
 * @param columnCount  1..4.
 * @param rows         from rank 1 on.
 */
public record BoardView(String board, long handle, long boardMembers, int columnCount, List<Standing> rows)
{
}
