using CsCheck;

namespace Freshet.Streams.Tests;

public class StateCodecTests
{
    private sealed record Basket(string Customer, List<int> Items);

    private struct WithFields
    {
        public string Name;
        public (string, int) Pair;
    }

    [Fact]
    public void Tuples_of_anything_come_back() => Gen.Select(Gen.String, Gen.Int, Gen.Double, Gen.Bool).Sample((text, number, real, flag) =>
    {
        Assert.Equal((text, number), Copy((text, number)));
        Assert.Equal((number, text, real), Copy((number, text, real)));
        Assert.Equal((text, number, (real, text), flag), Copy((text, number, (real, text), flag)));
        Assert.Equal((number, real, flag), Copy((number, real, flag)));
    });

    [Fact]
    public void Null_strings_come_back()
    {
        Assert.Null(Copy<string?>(null));
        Assert.Equal((null, ""), Copy<(string?, string)>((null, "")));
    }

    [Fact]
    public void Times_keep_their_offset() =>
        Assert.Equal(TimeSpan.FromHours(5), Copy(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.FromHours(5))).Offset);

    [Fact]
    public void Classes_and_structs_with_public_fields_come_back()
    {
        Basket basket = Copy(new Basket("c", [1, 2, 3]));
        Assert.Equal([1, 2, 3], basket.Items);
        WithFields fields = Copy(new WithFields { Name = "n", Pair = ("p", 7) });
        Assert.Equal(("n", ("p", 7)), (fields.Name, fields.Pair));
    }

    private static T Copy<T>(T value)
    {
        var writer = new StateWriter();
        StateCodec<T>.Default.Write(writer, value);
        var reader = new StateReader(writer.Written.Span);
        T copy = StateCodec<T>.Default.Read(ref reader);
        Assert.True(reader.IsAtEnd);
        return copy;
    }
}
