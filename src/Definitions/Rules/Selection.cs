using System.Numerics;

namespace Kilde.Definitions.Rules;

/// <summary>Some of the subjects, a bit for each. Those being gone through may be taken out on the way.</summary>
internal sealed class Selection
{
    private const int WordBits = 64;

    private ulong[] _words = [];
    private int _length;

    public bool IsEmpty => !_words.AsSpan(0, _length).ContainsAnyExcept(0UL);

    public void SelectAll(int count)
    {
        Resize((count + WordBits - 1) / WordBits);
        _words.AsSpan(0, _length).Fill(ulong.MaxValue);
        if (count % WordBits != 0) _words[_length - 1] = (1UL << (count % WordBits)) - 1;
    }

    public void CopyFrom(Selection other)
    {
        Resize(other._length);
        other._words.AsSpan(0, _length).CopyTo(_words);
    }

    public void Remove(int subject) => _words[subject / WordBits] &= ~(1UL << (subject % WordBits));

    public void Remove(Selection others)
    {
        for (var i = 0; i < _length; i++) _words[i] &= ~others._words[i];
    }

    public Enumerator GetEnumerator() => new(_words.AsSpan(0, _length));

    private void Resize(int length)
    {
        if (_words.Length < length) _words = new ulong[length];
        _length = length;
    }

    public ref struct Enumerator(ReadOnlySpan<ulong> words)
    {
        private readonly ReadOnlySpan<ulong> _words = words;
        private ulong _left;
        private int _word = -1;

        public readonly int Current => (_word * WordBits) + BitOperations.TrailingZeroCount(_left);

        public bool MoveNext()
        {
            // The lowest bit was the current one.
            if (_left != 0) _left &= _left - 1;
            while (_left == 0)
            {
                if (++_word >= _words.Length) return false;
                _left = _words[_word];
            }

            return true;
        }
    }
}
