using Kilde.Testing;

namespace Kilde.Register.Tests.Model;

/// <summary>Turns one number of a property test into as many choices as a step needs, always the same.</summary>
internal sealed class Choices(int seed)
{
    private readonly Dice _dice = new(seed);

    /// <summary>A number from 0 up to, not including, the given.</summary>
    public int Below(int limit) => _dice.Next(limit);

    public bool OneIn(int chances) => Below(chances) == 0;

    public T Of<T>(IReadOnlyList<T> items) => items[Below(items.Count)];
}
