using Kilde.Definitions.Model;
using Kilde.Definitions.Reading;
using Kilde.Kernel;

namespace Kilde.Register.Comparing;

/// <summary>What became of a sender's own file.</summary>
public enum OwnFile
{
    Taken = 1,

    /// <summary>The intake would refuse it.</summary>
    Refused,

    /// <summary>It holds changes, which alone do not tell what a year holds.</summary>
    OfChanges,
}

/// <summary>The records a sender has, from its own XML files in the order they were made.</summary>
public interface IOwnFiles
{
    /// <summary>The first and the last month it has records of; null when it has none.</summary>
    (RecordMonth From, RecordMonth To)? Months { get; }

    /// <summary>Reads a file to its end.</summary>
    /// <param name="today">Stands for the day of extraction when the message does not tell it.</param>
    OwnFile Read(MessageReading reading, DateOnly today);

    int CountOf(RecordType type);

    /// <inheritdoc cref="OwnRecords.Sorted"/>
    IReadOnlyDictionary<DigestPlace, OwnRecord[]> Sorted(RecordType type, RecordMonth from, RecordMonth to);
}

/// <summary>The side of a sender that has files, whatever they hold.</summary>
public static class OwnFiles
{
    /// <summary>True for messages that are compared from XML files: of whole years, and of chains.</summary>
    public static bool AreOf(MessageType message) => RecordDigests.IsOfYears(message) || IsChain(message);

    public static IOwnFiles Of(MessageType message, ReadOnlyMemory<byte> key, OrganizationNumber sender) =>
        IsChain(message) ? new OwnChains(key, sender) : new OwnYears(key, sender);

    private static bool IsChain(MessageType message) => message.RecordTypes.Any(type => type.ChainLink is not null);
}
