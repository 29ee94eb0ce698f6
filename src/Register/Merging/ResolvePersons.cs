using System.Buffers.Binary;
using Kilde.Audit;
using Kilde.Identity;
using Kilde.Kernel;
using Kilde.Register.Persons;

namespace Kilde.Register.Merging;

/// <summary>Finds the person of every staged row, in one question to the vault.</summary>
internal static class ResolvePersons
{
    private static readonly AccessGround Ground =
        new(Actor.System("register.merge"), "Mottak av meldinger i registeret");

    /// <summary>A record that names no one at all: its person is not known and cannot become known.</summary>
    public static readonly IdentifierKey NoIdentifier = new(0);

    /// <summary>For each table, the persons of its rows in their order.</summary>
    public static async Task<ResolvedPerson[][]> OfAsync(
        IReadOnlyList<StagedTable> tables, IReadOnlyList<SubmissionContent> submissions, VaultView vault,
        CancellationToken cancellation)
    {
        var claims = new List<IdentifierClaim>();
        foreach (var table in tables)
        {
            foreach (var row in table.Rows)
            {
                if (NamesSomeone(row))
                    claims.Add(new(row.Batch.Persons[row.Row], submissions[row.SubmissionNo - 1].Sender));
            }
        }

        var resolved = claims.Count == 0 ? [] : await vault.ResolveAsync(claims, Ground, cancellation);
        var next = 0;
        var persons = tables.Select(table => new ResolvedPerson[table.Rows.Count]).ToArray();
        for (var t = 0; t < tables.Count; t++)
        {
            for (var i = 0; i < persons[t].Length; i++)
            {
                var row = tables[t].Rows[i];
                if (NamesSomeone(row)) persons[t][i] = resolved[next++];
                else if (!row.IsDeletion) persons[t][i] = Nobody(row.RecordKey);
            }
        }

        return persons;
    }

    private static bool NamesSomeone(StagedRow row) =>
        !row.IsDeletion
        && (row.Batch.Persons[row.Row] is { HasIdentifier: true } or { LocalId: not null } or { Others.Count: > 0 });

    // The same record always gets the same unknown person, from the reserved negative range, so that a resend changes
    // nothing and such records spread over the partitions.
    private static ResolvedPerson Nobody(Guid recordKey)
    {
        Span<byte> bytes = stackalloc byte[16];
        recordKey.TryWriteBytes(bytes, bigEndian: true, out _);
        var key = BinaryPrimitives.ReadInt64BigEndian(bytes[8..]) | long.MinValue;
        return new ResolvedPerson(new PersonKey(key), NoIdentifier, ChangeNo: long.MaxValue);
    }
}
