namespace Kilde.Register.Tests.Model;

/// <summary>Turns one number of a property test into as many choices as a step needs, always the same.</summary>
internal sealed class Choices(int seed)
{
    private ulong _state = unchecked((ulong)seed * 0x9E3779B97F4A7C15UL) + 1;

    /// <summary>A number from 0 up to, not including, the given.</summary>
    public int Below(int limit)
    {
        // SplitMix64: every state gives a well mixed number.
        unchecked
        {
            _state += 0x9E3779B97F4A7C15UL;
            var mixed = (_state ^ (_state >> 30)) * 0xBF58476D1CE4E5B9UL;
            mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EBUL;
            return (int)((mixed ^ (mixed >> 31)) % (ulong)limit);
        }
    }

    public bool OneIn(int chances) => Below(chances) == 0;

    public T Of<T>(IReadOnlyList<T> items) => items[Below(items.Count)];
}
