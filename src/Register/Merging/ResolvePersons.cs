using System.Buffers.Binary;
using Kilde.Audit;
using Kilde.Identity;
using Kilde.Kernel;
using Kilde.Register.Persons;

namespace Kilde.Register.Merging;

/// <summary>The vault's newest person change when the first and the last of the persons were resolved.</summary>
internal readonly record struct ResolvedChanges(long Oldest, long Newest);

/// <summary>Finds the person of every staged row, in one question to the vault.</summary>
internal static class ResolvePersons
{
    private static readonly AccessGround Ground =
        new(Actor.System("register.merge"), "Mottak av meldinger i registeret");

    /// <summary>A record that names no one at all: its person is not known and cannot become known.</summary>
    public static readonly IdentifierKey NoIdentifier = new(0);

    /// <summary>Sets the person of every row. Rows that name no one get an unknown person of their own.</summary>
    public static async Task<ResolvedChanges> SetAsync(
        IReadOnlyList<StagedTable> tables, IReadOnlyList<SubmissionContent> submissions, VaultView vault,
        CancellationToken cancellation)
    {
        var claims = new List<IdentifierClaim>();
        foreach (var row in tables.SelectMany(table => table.Rows))
        {
            if (row.NamesSomeone)
                claims.Add(new(row.Batch.Persons[row.Row], submissions[row.SubmissionNo - 1].Sender));
        }

        var resolved = claims.Count == 0 ? [] : await vault.ResolveAsync(claims, Ground, cancellation);
        var next = 0;
        foreach (var table in tables)
        {
            table.Persons = [.. table.Rows.Select(row =>
                row.NamesSomeone ? resolved[next++] : row.IsDeletion ? default : Nobody(row.RecordKey))];
        }

        return resolved.Length == 0
            ? new ResolvedChanges(Oldest: long.MaxValue, Newest: 0)
            : new ResolvedChanges(resolved.Min(person => person.ChangeNo), resolved.Max(person => person.ChangeNo));
    }

    /// <summary>Takes rows on to where their identifiers have moved since they were resolved.</summary>
    public static void Follow(StagedTable table, IReadOnlyDictionary<long, long> personByIdentifier)
    {
        for (var i = 0; i < table.Persons.Length; i++)
        {
            if (personByIdentifier.TryGetValue(table.Persons[i].IdentifierKey.Value, out var person))
                table.Persons[i] = table.Persons[i] with { PersonKey = new PersonKey(person) };
        }
    }

    // The same record always gets the same unknown person, from the reserved negative range, so that a resend changes
    // nothing and such records spread over the partitions.
    private static ResolvedPerson Nobody(Guid recordKey)
    {
        Span<byte> bytes = stackalloc byte[16];
        recordKey.TryWriteBytes(bytes, bigEndian: true, out _);
        var key = BinaryPrimitives.ReadInt64BigEndian(bytes[8..]) | long.MinValue;
        return new ResolvedPerson(new PersonKey(key), NoIdentifier, ChangeNo: 0);
    }
}
