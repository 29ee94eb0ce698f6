using System.Text;

namespace Kilde.Definitions.Reading;

/// <summary>Finds a word among the few that are known, by its UTF-8 bytes, without making a string.</summary>
internal sealed class Utf8Table
{
    private readonly byte[][] _words;
    private readonly short[] _slots;
    private readonly int _mask;

    public Utf8Table(IEnumerable<string> words)
    {
        _words = [.. words.Select(Encoding.UTF8.GetBytes)];
        var size = 4;
        while (size < _words.Length * 4) size *= 2;
        _mask = size - 1;
        _slots = new short[size];
        Array.Fill(_slots, (short)-1);
        for (short i = 0; i < _words.Length; i++)
        {
            var slot = Hash(_words[i]) & _mask;
            while (_slots[slot] >= 0) slot = (slot + 1) & _mask;
            _slots[slot] = i;
        }
    }

    public byte[] this[int index] => _words[index];

    /// <summary>The word's place in the order it was given; -1 when it is not there.</summary>
    public int Find(ReadOnlySpan<byte> word)
    {
        for (var slot = Hash(word) & _mask; _slots[slot] >= 0; slot = (slot + 1) & _mask)
        {
            if (word.SequenceEqual(_words[_slots[slot]])) return _slots[slot];
        }

        return -1;
    }

    // Length, ends and middle tell nearly all field names and codes apart.
    private static int Hash(ReadOnlySpan<byte> word) => word.Length == 0
        ? 0
        : unchecked((word.Length * 31) + (word[0] * 17) + (word[^1] * 7) + (word[word.Length / 2] * 3));
}
