namespace Freshet.Benchmarks;

/// <summary>Smallest, middle and largest of several rounds.</summary>
internal sealed record Spread(double Min, double Median, double Max)
{
    public static Spread? Of(IEnumerable<double?> values)
    {
        double[] sorted = [.. values.OfType<double>().Order()];
        return sorted.Length == 0 ? null : new Spread(Rounded(sorted[0]), Rounded(sorted[sorted.Length / 2]), Rounded(sorted[^1]));
    }

    private static double Rounded(double value) => value >= 100 ? Math.Round(value) : Math.Round(value, 4);
}
