namespace Kilde.Definitions.Rules;

/// <summary>A text, or a part of one, without a copy. <c>default</c> is none.</summary>
internal readonly record struct Slice(string? Source, int Start, int Length)
{
    public bool IsPresent => Source is not null;

    public ReadOnlySpan<char> Span => Source.AsSpan(Start, Length);

    public static Slice Of(string? text) => text is null ? default : new Slice(text, 0, text.Length);

    public bool Is(string text) => Length == text.Length && Source is not null && Span.SequenceEqual(text);

    public bool IsSame(Slice other) => Length == other.Length && Span.SequenceEqual(other.Span);

    public override string ToString() =>
        Source is null ? "" : Length == Source.Length ? Source : Source.Substring(Start, Length);
}
