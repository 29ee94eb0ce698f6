using Dapper;
using Kilde.Platform.Databases;

namespace Kilde.Intake.Overview;

/// <summary>The receipt (AppRec) of a submission, as XML: codes and texts of findings, never a person.</summary>
public sealed class GetReceipt(RegisterDatabase database)
{
    /// <returns>Null while it is not judged, and when nobody asked for a receipt.</returns>
    public async Task<byte[]?> FindAsync(Guid submissionId, CancellationToken cancellation)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellation);
        return await connection.QuerySingleOrDefaultAsync<byte[]>(new CommandDefinition(
            "select body from intake.receipt where submission_id = @submissionId limit 1", new { submissionId },
            cancellationToken: cancellation));
    }
}
