using Kilde.Platform.Databases;
using Npgsql;

namespace Kilde.Intake.Log;

/// <summary>
/// Remembers the proofs of requests that store nothing. A message's proof is kept by the log itself, in the message's
/// own transaction.
/// </summary>
internal sealed class UsedProofs(RegisterDatabase database)
{
    /// <returns>False when the proof has been used before, on whichever node.</returns>
    public async Task<bool> TryUseAsync(UsedProof proof, CancellationToken cancellation)
    {
        await using var insert = database.Source.CreateCommand(
            """
            insert into intake.used_proof (proof_hash, expires_at) values ($1, $2) on conflict (proof_hash) do nothing
            """);
        insert.Parameters.Add(new NpgsqlParameter<byte[]> { TypedValue = proof.Hash() });
        insert.Parameters.Add(new NpgsqlParameter<DateTimeOffset> { TypedValue = proof.ExpiresAt.ToUniversalTime() });
        return await insert.ExecuteNonQueryAsync(cancellation) == 1;
    }
}
