using Freshet.Protocol.Jute;

namespace Freshet.Coordination.Migration;

/// <summary>Reads a transaction log as Apache ZooKeeper 3.5 to 3.9 write it: a header, then checked records up to zeros or the end.</summary>
internal static class ApacheTransactionLog
{
    private const int Magic = 0x5a4b4c47; // "ZKLG"
    private const int Version = 2;
    private const byte EndOfRecord = (byte)'B';

    /// <summary>The transactions of one file. An unfinished one at the end was never acknowledged and is left out.</summary>
    /// <exception cref="InvalidDataException">The file is damaged; the message has the offset.</exception>
    public static IEnumerable<ApacheTransaction> Read(ApacheFile file)
    {
        using FileStream stream = new(file.Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, 1 << 16);
        var archive = new ApacheArchive(stream, file.Path);
        if (!HasHeader(archive, stream))
        {
            yield break;
        }

        while (TryRead(archive, out ApacheTransaction? transaction))
        {
            yield return transaction!;
        }
    }

    private static bool HasHeader(ApacheArchive archive, FileStream stream)
    {
        // A server that stopped right after making the file leaves it empty.
        if (stream.Length == 0)
        {
            return false;
        }

        if (archive.ReadInt32() != Magic || archive.ReadInt32() != Version)
        {
            throw archive.Damaged("it is no transaction log of Apache ZooKeeper 3.5 to 3.9");
        }

        archive.ReadInt64();
        return true;
    }

    private static bool TryRead(ApacheArchive archive, out ApacheTransaction? transaction)
    {
        transaction = null;
        try
        {
            long checksum = archive.ReadInt64();
            byte[]? bytes = archive.ReadBuffer();
            if (bytes is null or [] || archive.ReadRaw(1)[0] != EndOfRecord)
            {
                return false;
            }

            if (Adler32.Compute(bytes) != checksum)
            {
                throw archive.Damaged("the checksum of a transaction does not match");
            }

            transaction = ApacheTransaction.Read(bytes);
            return true;
        }
        catch (EndOfStreamException)
        {
            return false;
        }
        catch (JuteException unknown)
        {
            throw archive.Damaged(unknown.Message.TrimEnd('.'));
        }
    }
}
