using System.IO.Compression;
using System.Text;
using CsCheck;
using Freshet.Tests.Support;
using Storefront.Invoices;

namespace Storefront.Tests.Retail;

public class InvoiceLogTests
{
    private const string Header = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country";
    private const string Good = "536365,85123A,LANTERN,6,2010-12-01 08:26:00,2.55,17850.0,France";

    private readonly RejectedRows _rejected = new();

    [Fact]
    public void A_row_becomes_a_typed_line_with_its_line_number()
    {
        InvoiceLine line = Assert.Single(Read(Header, Good));
        Assert.Equal(
            new InvoiceLine(2, "536365", "85123A", "LANTERN", 6, new DateTimeOffset(2010, 12, 1, 8, 26, 0, TimeSpan.Zero), 2.55m, "17850", "France"), line);
        Assert.Equal(15.30m, line.Amount);
        Assert.Equal(0, _rejected.Count);
    }

    [Fact]
    public void A_quoted_description_keeps_its_commas_and_its_doubled_quotes_become_one()
    {
        InvoiceLine line = Assert.Single(Read(Header, "1,2,\"SIGN, \"\"ENAMEL\"\"\",6,2010-12-01 08:26:00,2.55,,France"));
        Assert.Equal("SIGN, \"ENAMEL\"", line.Description);
        Assert.Null(line.CustomerId);
    }

    [Fact]
    public void Columns_are_found_by_name_in_any_order()
    {
        InvoiceLine line = Assert.Single(Read(
            "Country,extra,UnitPrice,InvoiceDate,Quantity,Description,StockCode,InvoiceNo,customerid", "France,x,2.5,2010-12-01 08:26:00,6,D,S,I,7"));
        Assert.Equal(("I", "S", 6, 2.5m, "7"), (line.InvoiceNo, line.StockCode, line.Quantity, line.UnitPrice, line.CustomerId));
    }

    [Theory]
    [InlineData("536365,85123A,LANTERN,6,2010-12-01 08:26:00,2.55,17850.0", "7 fields instead of 8")]
    [InlineData("", "1 fields instead of 8")]
    [InlineData(",85123A,LANTERN,6,2010-12-01 08:26:00,2.55,17850.0,France", "InvoiceNo is empty")]
    [InlineData("536365,,LANTERN,6,2010-12-01 08:26:00,2.55,17850.0,France", "StockCode is empty")]
    [InlineData("536365,85123A,LANTERN,six,2010-12-01 08:26:00,2.55,17850.0,France", "Quantity 'six' is not a whole number")]
    [InlineData("536365,85123A,LANTERN,6,2010-13-01 08:26:00,2.55,17850.0,France", "InvoiceDate '2010-13-01 08:26:00' is not a time like 2010-12-01 08:26:00")]
    [InlineData("536365,85123A,LANTERN,6,2010-12-01 08:26:00,£2,17850.0,France", "UnitPrice '£2' is not a number")]
    [InlineData("536365,85123A,LANTERN,6,2010-12-01 08:26:00,0.00001,17850.0,France", "UnitPrice '0.00001' has more than 4 decimals")]
    [InlineData("536365,85123A,LANTERN,6,2010-12-01 08:26:00,9999999999,17850.0,France", "UnitPrice '9999999999' is beyond 1000000000")]
    [InlineData("536365,85123A,\"LANTERN,6,2010-12-01 08:26:00,2.55,17850.0,France", "a quote is not closed or stands inside a field")]
    [InlineData("536365,85123A,LAN\"TERN,6,2010-12-01 08:26:00,2.55,17850.0,France", "a quote is not closed or stands inside a field")]
    [InlineData("536365,85123A,\"LAN\"TERN,6,2010-12-01 08:26:00,2.55,17850.0,France", "a quote is not closed or stands inside a field")]
    public void A_wrong_row_is_set_aside_with_its_line_number_and_reason_and_reading_goes_on(string wrong, string reason)
    {
        var setAside = new StringWriter();
        var rejected = new RejectedRows(setAside);
        InvoiceLine[] lines = [.. InvoiceLog.Read(new StringReader(string.Join('\n', Header, Good, wrong, Good)), rejected)];
        Assert.Equal([2L, 4L], lines.Select(line => line.Line));
        Assert.Equal(1, rejected.Count);
        Assert.Equal([new RejectedRow(3, reason)], rejected.First);
        Assert.Equal(new RejectedRow(3, reason), rejected.Last);
        Assert.Equal($"line 3: {reason}\n{wrong}\n", setAside.ToString().ReplaceLineEndings("\n"));
    }

    [Theory]
    [InlineData("InvoiceNo,StockCode,Description,Quantity,InvoiceDate", "the header lacks the columns UnitPrice, CustomerID, Country")]
    [InlineData("\"InvoiceNo", "the header is not a line of comma-separated column names")]
    public void A_log_without_the_columns_has_no_lines_and_says_which_are_missing(string header, string reason)
    {
        Assert.Empty(Read(header, Good));
        Assert.Equal([new RejectedRow(1, reason)], _rejected.First);
    }

    [Fact]
    public void Rejected_rows_are_all_counted_but_only_the_first_are_kept()
    {
        Assert.Empty(Read([Header, .. Enumerable.Repeat("x", RejectedRows.Kept + 5)]));
        Assert.Equal(RejectedRows.Kept + 5, _rejected.Count);
        Assert.Equal(RejectedRows.Kept, _rejected.First.Count);
    }

    [Fact]
    public void A_compressed_log_reads_the_same_and_a_damaged_one_keeps_what_came_before()
    {
        using var folder = new TemporaryFolder();
        string path = Path.Combine(folder.Path, "log.csv.gz");
        string[] rows = [.. Enumerable.Range(1, 5_000).Select(n => $"{n},S{n * 7919 % 1000},NAME {n},{n},2010-12-01 08:26:00,1.5,,France")];
        File.WriteAllBytes(path, Compress(string.Join('\n', [Header, .. rows])));
        Assert.Equal(5_000, InvoiceLog.Read(path, _rejected).Count());
        Assert.Equal(0, _rejected.Count);

        byte[] bytes = File.ReadAllBytes(path);
        bytes.AsSpan(bytes.Length / 2, 200).Fill(0xFF);
        File.WriteAllBytes(path, bytes);
        int read = InvoiceLog.Read(path, _rejected).Count();
        Assert.InRange(read, 1, 4_999);
        Assert.NotEqual(0, _rejected.Count);
    }

    [Fact]
    public void Any_text_after_the_header_gives_lines_or_rejected_rows_and_no_exception() => Gen.String[Gen.Char["\",\n\r Ca1.0-:é"], 0, 200].Sample(text =>
    {
        var rejected = new RejectedRows();
        int lines = InvoiceLog.Read(new StringReader($"{Header}\n{text}"), rejected).Count();
        int rows = 0;
        for (var reader = new StringReader(text); reader.ReadLine() is not null;)
        {
            rows++;
        }

        Assert.Equal(rows, lines + rejected.Count);
    });

    [Theory]
    [InlineData("536365", 6, "2.55", true)]
    [InlineData("C536365", -6, "2.55", false)]
    [InlineData("C536365", 6, "2.55", false)]
    [InlineData("A536365", 1, "11062.06", false)]
    [InlineData("536365", -6, "2.55", false)]
    [InlineData("536365", 0, "2.55", false)]
    [InlineData("536365", 6, "0", false)]
    [InlineData("536365", 6, "-1", false)]
    public void A_sale_is_no_cancellation_and_no_adjustment_and_has_quantity_and_price(string invoice, int quantity, string price, bool isSale) =>
        Assert.Equal(isSale, Assert.Single(Read(Header, $"{invoice},85123A,LANTERN,{quantity},2010-12-01 08:26:00,{price},,France")).IsSale);

    [Fact]
    public void The_catalogue_gives_each_item_its_most_frequent_name_and_price_and_what_was_sold()
    {
        IReadOnlyList<CatalogueItem> items = InvoiceCatalogue.From(Read(
            Header,
            "1,A,LAMP,1,2010-12-01 08:26:00,2,,France",
            "2,A,LAMP,2,2010-12-01 08:26:00,3,,France",
            "3,A,LAMP?,3,2010-12-01 08:26:00,3,,France",
            "4,B,,9,2010-12-01 08:26:00,1,,France",
            "C5,C,CANCELLED,-9,2010-12-01 08:26:00,1,,France"));
        Assert.Equal([new CatalogueItem("B", "B", 1m, 9), new CatalogueItem("A", "LAMP", 3m, 6)], items);
    }

    private InvoiceLine[] Read(params string[] lines) => [.. InvoiceLog.Read(new StringReader(string.Join('\n', lines)), _rejected)];

    private static byte[] Compress(string text)
    {
        using var bytes = new MemoryStream();
        using (var gzip = new GZipStream(bytes, CompressionMode.Compress))
        {
            gzip.Write(Encoding.UTF8.GetBytes(text));
        }

        return bytes.ToArray();
    }
}
