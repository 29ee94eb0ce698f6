namespace Kilde.Synthetic;

/// <summary>The last day a file tells of: what happens later has not happened.</summary>
internal readonly record struct Horizon(DateOnly Last)
{
    public bool Includes(DateOnly day) => day <= Last;

    public bool Includes(DateTime at) => DateOnly.FromDateTime(at) <= Last;
}
