using System.Globalization;

namespace Storefront.Hosting;

/// <summary>How fast an invoice log is replayed: a factor, or <c>max</c>.</summary>
internal static class ReplaySpeed
{
    /// <param name="factor">Null for <c>max</c>.</param>
    public static bool TryParse(string? text, out double? factor)
    {
        factor = null;
        if (text == "max")
        {
            return true;
        }

        if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) || !(number > 0) || double.IsInfinity(number))
        {
            return false;
        }

        factor = number;
        return true;
    }
}
