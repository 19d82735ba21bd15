namespace Freshet.Coordination.Tree;

/// <summary>The children of one znode by name: a hash table of references, 8 bytes a slot, and nothing else.</summary>
internal sealed class ChildTable
{
    private const int Smallest = 4;
    private Znode?[] _slots = new Znode?[Smallest];

    public int Count { get; private set; }

    /// <summary>Hash of a name, seeded per process so that clients cannot choose colliding names.</summary>
    public static int Hash(ReadOnlySpan<byte> name)
    {
        var hash = default(HashCode);
        hash.AddBytes(name);
        return hash.ToHashCode();
    }

    public Znode? Find(ReadOnlySpan<byte> name) => Find(name, Hash(name));

    public Znode? Find(ReadOnlySpan<byte> name, int hash) => _slots[SlotOf(name, hash)];

    /// <summary>Grows, if needed, so that so many more children fit.</summary>
    public void EnsureRoom(int more)
    {
        int length = _slots.Length;
        // At most three quarters full, so that a search soon meets an empty slot.
        while ((Count + (long)more) * 4 > length * 3L)
        {
            length *= 2;
        }

        if (length > _slots.Length)
        {
            Resize(length);
        }
    }

    /// <summary>Adds a child whose name is not in the table.</summary>
    public void Add(Znode child)
    {
        EnsureRoom(1);

        _slots[SlotOf(child.Name, child.NameHash)] = child;
        Count++;
    }

    public bool Remove(Znode child)
    {
        int slot = SlotOf(child.Name, child.NameHash);
        if (!ReferenceEquals(_slots[slot], child))
        {
            return false;
        }

        Count--;
        CloseGap(slot);
        if (_slots.Length > Smallest && Count * 8 < _slots.Length)
        {
            Resize(_slots.Length / 2);
        }

        return true;
    }

    /// <summary>A copy that stays as it is while the table changes.</summary>
    public Znode[] ToArray()
    {
        var children = new Znode[Count];
        int filled = 0;
        foreach (Znode child in this)
        {
            children[filled++] = child;
        }

        return children;
    }

    public Enumerator GetEnumerator() => new(_slots);

    // Moves later entries of the same run forward, so that searches need no marks for deleted slots.
    private void CloseGap(int gap)
    {
        int mask = _slots.Length - 1;
        for (int slot = (gap + 1) & mask; _slots[slot] is Znode entry; slot = (slot + 1) & mask)
        {
            int home = entry.NameHash & mask;
            if (((slot - home) & mask) >= ((slot - gap) & mask))
            {
                _slots[gap] = entry;
                gap = slot;
            }
        }

        _slots[gap] = null;
    }

    private int SlotOf(ReadOnlySpan<byte> name, int hash)
    {
        int mask = _slots.Length - 1;
        int slot = hash & mask;
        while (_slots[slot] is Znode entry && !(entry.NameHash == hash && entry.Name.SequenceEqual(name)))
        {
            slot = (slot + 1) & mask;
        }

        return slot;
    }

    private void Resize(int length)
    {
        Znode?[] old = _slots;
        _slots = new Znode?[length];
        foreach (Znode? child in old)
        {
            if (child is not null)
            {
                _slots[SlotOf(child.Name, child.NameHash)] = child;
            }
        }
    }

    /// <summary>Walks the children in no particular order.</summary>
    internal ref struct Enumerator(Znode?[] slots)
    {
        private int _slot = -1;

        public readonly Znode Current => slots[_slot]!;

        public bool MoveNext()
        {
            while (++_slot < slots.Length)
            {
                if (slots[_slot] is not null)
                {
                    return true;
                }
            }

            return false;
        }
    }
}
