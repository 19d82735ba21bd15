namespace Storefront.Invoices;

/// <summary>Where each column stands in this log. Columns are found by name, so their order and extra ones do not matter.</summary>
internal sealed class InvoiceColumns
{
    /// <summary>Far more than an invoice log has; a row with more is not one.</summary>
    public const int MaxFields = 64;

    private static readonly string[] Names =
        ["InvoiceNo", "StockCode", "Description", "Quantity", "InvoiceDate", "UnitPrice", "CustomerID", "Country"];

    private readonly int[] _positions;

    private InvoiceColumns(int[] positions, int count) => (_positions, Count) = (positions, count);

    /// <summary>Fields that every row must have.</summary>
    public int Count { get; }

    public int InvoiceNo => _positions[0];

    public int StockCode => _positions[1];

    public int Description => _positions[2];

    public int Quantity => _positions[3];

    public int InvoiceDate => _positions[4];

    public int UnitPrice => _positions[5];

    public int CustomerId => _positions[6];

    public int Country => _positions[7];

    /// <summary>Reads the header line. Null, with the reason, when a column is missing or the header is no CSV.</summary>
    public static InvoiceColumns? Find(string header, out string? wrong)
    {
        Span<Range> fields = stackalloc Range[MaxFields];
        int count = CsvFields.Split(header, fields);
        if (count is < 0 or > MaxFields)
        {
            wrong = "the header is not a line of comma-separated column names";
            return null;
        }

        var found = new List<string>(count);
        foreach (Range field in fields[..count])
        {
            found.Add(header[field].Trim());
        }

        string[] missing = [.. Names.Where(name => !found.Contains(name, StringComparer.OrdinalIgnoreCase))];
        wrong = missing.Length == 0 ? null : $"the header lacks the columns {string.Join(", ", missing)}";
        return missing.Length > 0
            ? null
            : new InvoiceColumns([.. Names.Select(name => found.FindIndex(other => other.Equals(name, StringComparison.OrdinalIgnoreCase)))], count);
    }
}
