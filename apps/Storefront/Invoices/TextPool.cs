namespace Storefront.Invoices;

/// <summary>One string for each text that comes again and again: a log of half a million lines names four thousand items.</summary>
internal sealed class TextPool
{
    /// <summary>More distinct texts than a shop has items; beyond it the pool starts afresh instead of growing.</summary>
    private const int Limit = 100_000;

    private readonly HashSet<string> _texts = new(StringComparer.Ordinal);
    private readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> _bySpan;

    public TextPool() => _bySpan = _texts.GetAlternateLookup<ReadOnlySpan<char>>();

    public string Get(ReadOnlySpan<char> text)
    {
        if (_bySpan.TryGetValue(text, out string? pooled))
        {
            return pooled;
        }

        if (_texts.Count == Limit)
        {
            _texts.Clear();
        }

        string created = text.ToString();
        _texts.Add(created);
        return created;
    }
}
