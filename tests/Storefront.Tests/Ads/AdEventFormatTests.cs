using System.Text;
using CsCheck;
using Storefront.Ads;

namespace Storefront.Tests.Ads;

public class AdEventFormatTests
{
    internal static readonly Gen<AdEvent> AnyEvent = Gen.Select(
        Gen.Bool, Gen.String, Gen.String, Gen.Int, Gen.String, Gen.Long[0, 4_000_000_000_000],
        (clicked, ad, campaign, position, visitor, at) => new AdEvent(
            clicked ? AdEventKind.Click : AdEventKind.Impression, ad, campaign, position, visitor, DateTimeOffset.FromUnixTimeMilliseconds(at)));

    [Fact]
    public void What_is_written_is_read_again() => AnyEvent.Where(adEvent => IsText(adEvent.Ad) && IsText(adEvent.Campaign) && IsText(adEvent.Visitor))
        .Sample(adEvent => Assert.Equal(adEvent, AdEventFormat.Read(AdEventFormat.Write(adEvent))));

    [Fact]
    public void Any_other_bytes_are_refused_with_a_format_exception() => Gen.Byte.Array.Sample(bytes =>
        Assert.Throws<FormatException>(() => AdEventFormat.Read(bytes)));

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"kind":"sale","ad":"a","campaign":"c","position":1,"visitor":"v","at":1}""")]
    [InlineData("""{"kind":"click","ad":7,"campaign":"c","position":1,"visitor":"v","at":1}""")]
    [InlineData("""{"kind":"click","ad":"a","campaign":"c","position":1,"visitor":"v","at":99999999999999999}""")]
    [InlineData("""{"kind":"click","ad":"a","campaign":"c","position":1,"visitor":"v","at":1""")]
    public void What_misses_something_is_refused(string json) =>
        Assert.Throws<FormatException>(() => AdEventFormat.Read(Encoding.UTF8.GetBytes(json)));

    [Fact]
    public void Unknown_properties_are_passed_over() => Assert.Equal(
        "a",
        AdEventFormat.Read("""{"new":{"x":[1]},"kind":"click","ad":"a","campaign":"c","position":1,"visitor":"v","at":1}"""u8).Ad);

    /// <summary>JSON holds Unicode text; half a surrogate pair is none.</summary>
    private static bool IsText(string text) => !text.Any(char.IsSurrogate);
}
