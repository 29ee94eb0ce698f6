namespace Kilde.Definitions.Rules;

/// <summary>
/// What a condition remembers from batch to batch of one message: the record before, or those of the same person.
/// </summary>
internal sealed class Memory<T> : IMemory
{
    public T? Value { get; set; }

    public int Version { get; set; }
}

/// <summary>A memory of any kind, with the batch it was last used in.</summary>
internal interface IMemory
{
    int Version { get; set; }
}
