using System.Globalization;

namespace Storefront.Invoices;

/// <summary>Turns one row of an invoice log into an <see cref="InvoiceLine"/>, or says what is wrong with it. For one reader at a time.</summary>
internal sealed class InvoiceRowParser(InvoiceColumns columns)
{
    /// <summary>Sums of lines within these limits stay exact in a decimal, whatever their number.</summary>
    private const decimal HighestPrice = 1_000_000_000m;
    private const int MaxDecimals = 4;

    private const string TimeFormat = "yyyy-MM-dd HH:mm:ss";

    private readonly TextPool _texts = new();

    /// <summary>Parses the row; null, with the reason, when it is wrong.</summary>
    public InvoiceLine? Parse(long lineNumber, ReadOnlySpan<char> row, out string? wrong)
    {
        Span<Range> fields = stackalloc Range[InvoiceColumns.MaxFields];
        int count = CsvFields.Split(row, fields);
        ReadOnlySpan<char> invoice = default, item = default;
        int quantity = 0;
        DateTimeOffset time = default;
        decimal price = 0;
        wrong = count < 0 ? "a quote is not closed or stands inside a field"
            : count != columns.Count ? $"{count} fields instead of {columns.Count}"
            : (invoice = row[fields[columns.InvoiceNo]].Trim()).IsEmpty ? "InvoiceNo is empty"
            : (item = row[fields[columns.StockCode]].Trim()).IsEmpty ? "StockCode is empty"
            : ReadQuantity(row[fields[columns.Quantity]], out quantity)
                ?? ReadTime(row[fields[columns.InvoiceDate]], out time)
                ?? ReadPrice(row[fields[columns.UnitPrice]], out price);
        return wrong is not null
            ? null
            : new InvoiceLine(
                lineNumber, _texts.Get(invoice), _texts.Get(item), Text(row[fields[columns.Description]]), quantity, time, price,
                Customer(row[fields[columns.CustomerId]]), Text(row[fields[columns.Country]]));
    }

    private static string? ReadQuantity(ReadOnlySpan<char> field, out int quantity) =>
        int.TryParse(field, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out quantity)
            ? null
            : $"Quantity '{field}' is not a whole number";

    private static string? ReadTime(ReadOnlySpan<char> field, out DateTimeOffset time) =>
        DateTimeOffset.TryParseExact(field, TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out time)
            ? null
            : $"InvoiceDate '{field}' is not a time like 2010-12-01 08:26:00";

    private static string? ReadPrice(ReadOnlySpan<char> field, out decimal price) =>
        !decimal.TryParse(field, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out price)
            ? $"UnitPrice '{field}' is not a number"
            : price.Scale > MaxDecimals ? $"UnitPrice '{field}' has more than {MaxDecimals} decimals"
            : Math.Abs(price) > HighestPrice ? $"UnitPrice '{field}' is beyond {HighestPrice}"
            : null;

    /// <summary>Spreadsheets write customer 17850 as 17850.0.</summary>
    private string? Customer(ReadOnlySpan<char> field)
    {
        ReadOnlySpan<char> customer = field.Trim();
        customer = customer.EndsWith(".0") ? customer[..^2] : customer;
        return customer.IsEmpty ? null : _texts.Get(customer);
    }

    private string Text(ReadOnlySpan<char> field) =>
        _texts.Get(field.Contains('"') ? CsvFields.Unescape(field) : field);
}
