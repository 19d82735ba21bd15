namespace Freshet.Storage.Log;

/// <summary>A log file holds something that was never written there; names the file and the position.</summary>
public sealed class LogCorruptException : IOException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="file">Full path of the damaged file.</param>
    /// <param name="position">Byte position of the damage in it.</param>
    /// <param name="what">What was found, as the end of a sentence.</param>
    public LogCorruptException(string file, long position, string what)
        : base($"{file} is damaged at byte {position}: {what}. Restore the file from a copy, or move the partition's folder away to go on without it.")
    {
        File = file;
        Position = position;
    }

    /// <summary>Full path of the damaged file.</summary>
    public string File { get; }

    /// <summary>Byte position of the damage in <see cref="File"/>.</summary>
    public long Position { get; }
}
