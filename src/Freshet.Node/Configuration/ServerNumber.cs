namespace Freshet.Node.Configuration;

/// <summary>The file <c>myid</c> of a data directory: the server's own number in its ensemble.</summary>
internal static class ServerNumber
{
    /// <summary>The number, or 0 when there is no such file, as for a server on its own.</summary>
    /// <exception cref="InvalidDataException">The file holds no number from 0 to 255.</exception>
    public static int Read(string dataDirectory)
    {
        string path = Path.Combine(dataDirectory, "myid");
        return !File.Exists(path) ? 0
            : byte.TryParse(File.ReadAllText(path).AsSpan().Trim(), out byte number) ? number
            : throw new InvalidDataException($"{path} must hold the server's number, from 0 to 255, and nothing else.");
    }
}
