namespace Freshet.Storage.Records;

/// <summary>Reads codecs that are streams.</summary>
internal static class CodecStreams
{
    public static void ReadAll(Stream source, DecompressedRecords records)
    {
        while (source.Read(records.GetSpan()) is > 0 and int read)
        {
            records.Advance(read);
        }
    }
}
