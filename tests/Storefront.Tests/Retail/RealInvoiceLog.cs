using System.IO.Compression;
using Freshet.Tests.Support;

namespace Storefront.Tests.Retail;

/// <summary>The UCI Online Retail log, when it is there.</summary>
internal static class RealInvoiceLog
{
    /// <summary>FRESHET_RETAIL_FILE, else the file beside the checkout; null when missing.</summary>
    public static string? Path { get; } = Find();

    /// <summary>Copies the header and the first rows of a compressed log.</summary>
    public static async Task<string> CopyStartAsync(string log, string folder, int rows)
    {
        string copy = System.IO.Path.Combine(folder, "start.csv");
        using var reader = new StreamReader(new GZipStream(File.OpenRead(log), CompressionMode.Decompress));
        await using StreamWriter writer = File.CreateText(copy);
        for (int line = 0; line <= rows && await reader.ReadLineAsync() is { } text; line++)
        {
            await writer.WriteLineAsync(text);
        }

        return copy;
    }

    private static string? Find()
    {
        string path = Environment.GetEnvironmentVariable("FRESHET_RETAIL_FILE") is { Length: > 0 } named
            ? named
            : System.IO.Path.Combine(RepositoryRoot.Path, "..", "shared", "data", "online-retail.csv.gz");
        return File.Exists(path) ? path : null;
    }
}
