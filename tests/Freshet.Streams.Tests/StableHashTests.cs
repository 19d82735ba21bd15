using System.Runtime.CompilerServices;
using Freshet.Streams.State;

namespace Freshet.Streams.Tests;

public class StableHashTests
{
    private readonly record struct Padded(byte Small, long Large);

    private readonly record struct Ids(int Ad, int Campaign);

    [Fact]
    public void Hashes_never_change_because_checkpoints_depend_on_them()
    {
        Assert.Equal(0x5692161D100B05E5UL, StableHash.Of(1));
        Assert.Equal(0xB4D055FCF2CBBD7BUL, StableHash.Of(-1L));
        Assert.Equal(0xE9CF8813FC40C745UL, StableHash.Of((1, 2)));
        Assert.Equal(0x2D06800538D394C2UL, StableHash.Of(""));
    }

    [Fact]
    public void Equal_keys_have_equal_hashes_however_they_are_written()
    {
        var noon = new DateTimeOffset(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);
        Assert.Equal(StableHash.Of(noon), StableHash.Of(noon.ToOffset(TimeSpan.FromHours(5))));
        Assert.Equal(StableHash.Of(("a", 1.0m)), StableHash.Of(("a", 1.000m)));
        Assert.Equal(StableHash.Of(0.0), StableHash.Of(-0.0));
        Assert.Equal(StableHash.Of(new Ids(1, 2)), StableHash.Of(new Ids(1, 2)));
    }

    [Fact]
    public void What_lies_between_the_fields_of_a_struct_does_not_count()
    {
        Padded clean = new(1, 2);
        Padded dirty = new(1, 2);
        Unsafe.Add(ref Unsafe.As<Padded, byte>(ref dirty), FirstUnusedByte()) = 0xFF;
        Assert.Equal(clean, dirty);
        Assert.Equal(StableHash.Of(clean), StableHash.Of(dirty));
    }

    [Fact]
    public void Keys_of_every_kind_spread_over_the_key_groups()
    {
        AssertSpread(n => n);
        AssertSpread(n => $"word-{n}");
        AssertSpread(n => ("a", n));
        AssertSpread(n => (n, "b", n % 3));
        AssertSpread(n => new Ids(n, 1));
        AssertSpread(n => new Padded(1, n));
        AssertSpread(n => new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero).AddMinutes(n));
    }

    private static void AssertSpread<TKey>(Func<int, TKey> keyOf)
    {
        int[] counts = new int[KeyGroups.Count];
        for (int n = 0; n < 100 * KeyGroups.Count; n++)
        {
            counts[KeyGroups.GroupOf(keyOf(n))]++;
        }

        Assert.All(counts, count => Assert.InRange(count, 40, 180));
    }

    private static int FirstUnusedByte()
    {
        // The runtime may order the fields as it likes: a byte that differs in neither field is padding.
        Padded probe = default;
        Padded full = new(0xFF, -1);
        for (int at = 0; at < Unsafe.SizeOf<Padded>(); at++)
        {
            if (Unsafe.Add(ref Unsafe.As<Padded, byte>(ref full), at) == 0 && Unsafe.Add(ref Unsafe.As<Padded, byte>(ref probe), at) == 0)
            {
                return at;
            }
        }

        throw new InvalidOperationException("The struct has no padding.");
    }
}
