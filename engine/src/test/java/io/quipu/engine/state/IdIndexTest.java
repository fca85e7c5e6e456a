package io.quipu.engine.state;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class IdIndexTest
{
    /** Many ids of one hash, few, and practically none. */
    @ParameterizedTest
    @ValueSource(ints = { 1, 16, 4096, Integer.MAX_VALUE })
    void shouldFindWhatTheTwinHolds(final int distinctHashes)
    {
        final long seed = 20261122L + distinctHashes;
        System.out.println("seed " + seed);
        final Random random = new Random(seed);
        final int steps = distinctHashes == 1 ? 2_000 : 40_000;
        final Map<Integer, Set<Integer>> twin = new HashMap<>();
        final Map<Integer, Integer> hashes = new HashMap<>();

        try (IdIndex index = new IdIndex())
        {
            for (int step = 0; step < steps; step++)
            {
                final boolean grow = step < steps / 2;
                final int id = 1 + random.nextInt(steps / 4);
                final Integer present = hashes.get(id);
                if (present == null && (grow || random.nextInt(4) == 0))
                {
                    final int hash = random.nextInt(distinctHashes) * 0x9E3779B9;
                    index.add(hash, id);
                    hashes.put(id, hash);
                    twin.computeIfAbsent(hash, ignored -> new HashSet<>()).add(id);
                }
                else if (present != null && (!grow || random.nextInt(4) == 0))
                {
                    index.remove(present, id);
                    hashes.remove(id);
                    twin.get(present).remove(id);
                }

                final int looked = present != null ? present : random.nextInt(distinctHashes) * 0x9E3779B9;
                assertThat(idsOf(index, looked)).isEqualTo(twin.getOrDefault(looked, Set.of()));
                assertThat(index.size()).isEqualTo(hashes.size());
            }

            twin.forEach((hash, ids) -> assertThat(idsOf(index, hash)).isEqualTo(ids));
        }
    }

    @Test
    void shouldRefuseToRemoveWhatIsNotThere()
    {
        try (IdIndex index = new IdIndex())
        {
            index.add(7, 1);
            assertThatThrownBy(() -> index.remove(7, 2)).isInstanceOf(IllegalStateException.class).hasMessageContaining("id=2");
            assertThatThrownBy(() -> index.remove(8, 1)).isInstanceOf(IllegalStateException.class).hasMessageContaining("hash=8");
            assertThat(index.size()).isEqualTo(1);
        }
    }

    @Test
    void shouldKeepIdsOfAnySign()
    {
        try (IdIndex index = new IdIndex())
        {
            index.add(-1, -7);
            index.add(-1, Integer.MAX_VALUE);
            index.add(7, 0);

            assertThat(idsOf(index, -1)).containsExactlyInAnyOrder(-7, Integer.MAX_VALUE);
            assertThat(idsOf(index, 7)).containsExactly(0);
            assertThat(idsOf(index, 8)).isEmpty();
        }
    }

    private static Set<Integer> idsOf(final IdIndex index, final int hash)
    {
        final Set<Integer> ids = new HashSet<>();
        for (long slot = index.first(hash); slot != IdIndex.NULL_SLOT; slot = index.next(slot, hash))
        {
            assertThat(ids.add(IdIndex.id(slot))).isTrue();
        }
        return ids;
    }
}
