using System.Buffers.Binary;
using Kilde.Kernel;
using Kilde.Register.Merging;
using Kilde.Register.Tests.Kit;

namespace Kilde.Register.Tests.Model;

/// <param name="Name">The identifier in the plain vault; null when the record names no one.</param>
internal sealed record ModelEntry(string LocalId, string? Name, long Value)
{
    public string? Note => Value switch
    {
        0 => null,
        1 => "åpen",
        _ => HeldApart.Secret,
    };
}

/// <summary>A submission as the model sees it, and as the register gets it.</summary>
internal sealed record ModelSubmission(
    Guid Id, string Sender, IReadOnlyList<ModelEntry> Entries, IReadOnlyList<string> Deleted)
{
    /// <summary>The year it is about; null for a message outside any.</summary>
    public int? Year { get; init; }

    /// <summary>It holds all of the year, and not changes in it.</summary>
    public bool IsWhole { get; init; }

    public DateOnly ExtractedOn { get; init; } = new(2026, 3, 1);

    public bool NamesSomeone => Entries.Any(entry => entry.Name is not null);

    public IReadOnlyList<Entry> Rows =>
    [
        .. Entries.Select(entry => new Entry(
            entry.LocalId, entry.Name is null ? PlainVault.Nobody : PlainVault.Person(entry.Name), entry.Value,
            entry.Note)),
    ];

    public SubmissionContent Content => Year is { } year
        ? Messages.Year(year, ExtractedOn, Rows, Deleted, OrganizationNumber.Parse(Sender))
            with { SubmissionId = Id, IsWhole = IsWhole }
        : Messages.Submission(Rows, Deleted, OrganizationNumber.Parse(Sender)) with { SubmissionId = Id };

    public Guid KeyOf(string localId) => Messages.KeyOf(localId, OrganizationNumber.Parse(Sender), Year);

    /// <summary>The unknown person of a record that names no one follows from its key.</summary>
    public static long NobodyAt(Guid key) =>
        BinaryPrimitives.ReadInt64BigEndian(key.ToByteArray(bigEndian: true).AsSpan(8)) | long.MinValue;
}
