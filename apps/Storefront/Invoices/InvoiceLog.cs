using System.IO.Compression;
using System.Text;

namespace Storefront.Invoices;

/// <summary>Reads an invoice log: a .csv or .csv.gz file with a header line and one invoice line a row.</summary>
public static class InvoiceLog
{
    /// <summary>
    /// The file's lines in order, read as they are asked for. A row that is wrong goes to <paramref name="rejected"/> and reading
    /// goes on; a log whose header lacks a column has no lines and one rejected row.
    /// </summary>
    /// <exception cref="IOException">The file is missing, cannot be read, or is no gzip file though its name says so.</exception>
    public static IEnumerable<InvoiceLine> Read(string path, RejectedRows rejected)
    {
        ArgumentNullException.ThrowIfNull(rejected);
        using StreamReader reader = Open(path);
        foreach (InvoiceLine line in Read(reader, rejected))
        {
            yield return line;
        }
    }

    /// <summary>The same from an open text.</summary>
    public static IEnumerable<InvoiceLine> Read(TextReader reader, RejectedRows rejected)
    {
        ArgumentNullException.ThrowIfNull(reader);
        ArgumentNullException.ThrowIfNull(rejected);
        long lineNumber = 1;
        string header = reader.ReadLine() ?? "";
        if (InvoiceColumns.Find(header, out string? wrong) is not { } columns)
        {
            rejected.Add(lineNumber, wrong!, header);
            yield break;
        }

        var parser = new InvoiceRowParser(columns);
        while (ReadRow(reader, lineNumber, rejected) is { } row)
        {
            lineNumber++;
            if (parser.Parse(lineNumber, row, out wrong) is { } line)
            {
                yield return line;
            }
            else
            {
                rejected.Add(lineNumber, wrong!, row);
            }
        }
    }

    /// <summary>A compressed file that ends in the middle or is damaged loses its rest, not what was read before.</summary>
    private static string? ReadRow(TextReader reader, long linesRead, RejectedRows rejected)
    {
        try
        {
            return reader.ReadLine();
        }
        catch (Exception exception) when (exception is InvalidDataException or EndOfStreamException)
        {
            rejected.Add(linesRead + 1, $"the compressed file is damaged from here on: {exception.Message}", "");
            return null;
        }
    }

    private static StreamReader Open(string path)
    {
        var file = new FileStream(path, new FileStreamOptions { Options = FileOptions.SequentialScan, BufferSize = 1 << 16 });
        Stream content = path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? new GZipStream(file, CompressionMode.Decompress) : file;
        return new StreamReader(content, Encoding.UTF8);
    }
}
