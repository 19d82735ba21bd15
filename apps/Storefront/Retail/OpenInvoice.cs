using Freshet.Streams;

namespace Storefront.Retail;

/// <summary>The distinct items of an invoice that may still grow.</summary>
internal sealed class OpenInvoice
{
    /// <summary>
    /// Items of one invoice that count as bought together. The work for an invoice grows with the square of its items; the largest
    /// real one has about 1,100. What comes beyond is left out.
    /// </summary>
    public const int MaxItems = 5_000;

    private readonly HashSet<string> _items = new(StringComparer.Ordinal);

    /// <summary>Time of its newest line.</summary>
    public DateTimeOffset LastTime { get; private set; } = DateTimeOffset.MinValue;

    /// <summary>Takes a line's item. Returns the items that were there before; none when this one was too.</summary>
    public string[] Add(string stockCode, DateTimeOffset time)
    {
        LastTime = time > LastTime ? time : LastTime;
        if (_items.Count >= MaxItems || _items.Contains(stockCode))
        {
            return [];
        }

        string[] others = [.. _items];
        _items.Add(stockCode);
        return others;
    }

    /// <summary>Time, then the items.</summary>
    public sealed class Codec : StateCodec<OpenInvoice>
    {
        public override void Write(StateWriter writer, OpenInvoice value)
        {
            writer.WriteInt64(value.LastTime.UtcTicks);
            writer.WriteCount(value._items.Count);
            foreach (string item in value._items)
            {
                writer.WriteString(item);
            }
        }

        public override OpenInvoice Read(ref StateReader reader)
        {
            var invoice = new OpenInvoice { LastTime = new DateTimeOffset(reader.ReadInt64(), TimeSpan.Zero) };
            for (int left = reader.ReadCount(); left > 0; left--)
            {
                invoice._items.Add(reader.ReadString());
            }

            return invoice;
        }
    }
}
