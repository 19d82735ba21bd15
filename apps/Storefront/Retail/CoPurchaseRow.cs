using System.Runtime.InteropServices;
using Freshet.Streams;

namespace Storefront.Retail;

/// <summary>
/// For one item, how many invoices it joined that already held each other item. Both directions of a pair together are the
/// invoices that hold both: counting only the later item halves the work, the memory and the checkpoint. One task counts, anyone reads.
/// </summary>
internal sealed class CoPurchaseRow
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, int> _invoices = new(StringComparer.Ordinal);

    /// <summary>Counts one invoice for each of the others.</summary>
    public void Count(string[] others)
    {
        lock (_lock)
        {
            foreach (string other in others)
            {
                CollectionsMarshal.GetValueRefOrAddDefault(_invoices, other, out _)++;
            }
        }
    }

    public int CountOf(string other)
    {
        lock (_lock)
        {
            return _invoices.GetValueOrDefault(other);
        }
    }

    public KeyValuePair<string, int>[] Snapshot()
    {
        lock (_lock)
        {
            return [.. _invoices];
        }
    }

    /// <summary>
    /// The number of others; then for each its code and its count: one byte below 255, else 255 and four bytes. Most counts are
    /// small: a row of the whole log takes about eight bytes for each other item.
    /// </summary>
    public sealed class Codec : StateCodec<CoPurchaseRow>
    {
        private const byte Large = byte.MaxValue;

        // Codes are restored thousands of times, once for each item they were bought with.
        private readonly Dictionary<string, string> _codes = new(StringComparer.Ordinal);

        public override void Write(StateWriter writer, CoPurchaseRow value)
        {
            writer.WriteCount(value._invoices.Count);
            foreach ((string other, int invoices) in value._invoices)
            {
                writer.WriteString(other);
                writer.WriteByte((byte)Math.Min(invoices, Large));
                if (invoices >= Large)
                {
                    writer.WriteInt32(invoices);
                }
            }
        }

        public override CoPurchaseRow Read(ref StateReader reader)
        {
            var row = new CoPurchaseRow();
            int count = reader.ReadCount();
            row._invoices.EnsureCapacity(count);
            for (int i = 0; i < count; i++)
            {
                string other = Pooled(reader.ReadString());
                int invoices = reader.ReadByte();
                row._invoices.Add(other, invoices == Large ? reader.ReadInt32() : invoices);
            }

            return row;
        }

        private string Pooled(string code)
        {
            if (_codes.TryGetValue(code, out string? pooled))
            {
                return pooled;
            }

            _codes.Add(code, code);
            return code;
        }
    }
}
