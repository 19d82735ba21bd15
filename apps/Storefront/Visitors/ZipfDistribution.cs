namespace Storefront.Visitors;

/// <summary>
/// Draws ranks 0 to count-1 with a chance proportional to 1 / (rank + 1)^exponent: a few things are very popular, most are not.
/// </summary>
internal sealed class ZipfDistribution
{
    private readonly double[] _cumulative;

    public ZipfDistribution(int count, double exponent)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        _cumulative = new double[count];
        double sum = 0;
        for (int rank = 0; rank < count; rank++)
        {
            sum += Math.Pow(rank + 1, -exponent);
            _cumulative[rank] = sum;
        }
    }

    public int Next(Random random)
    {
        int rank = Array.BinarySearch(_cumulative, random.NextDouble() * _cumulative[^1]);
        return Math.Min(rank < 0 ? ~rank : rank, _cumulative.Length - 1);
    }
}
