using System.Security.Cryptography;
using System.Text;
using Kilde.Definitions.Model;
using Kilde.Kernel;

namespace Kilde.Intake.Log;

/// <summary>Who sent, with what, as the token and the headers say.</summary>
/// <param name="Unit">Reporting unit: claim <c>orgnr_parent</c>.</param>
/// <param name="SubUnit">Claim <c>orgnr_child</c>.</param>
/// <param name="Vendor">Claim <c>orgnr_supplier</c>; null when the unit holds its own client.</param>
public sealed record Submitter(
    OrganizationNumber Unit, OrganizationNumber? SubUnit, OrganizationNumber? Vendor, string ClientId,
    string VendorName, string SoftwareName, string SoftwareVersion, string ExportVersion, DateOnly ExtractedOn);

/// <summary>A DPoP proof that has been used; it is refused if seen again before it expires.</summary>
public sealed record UsedProof(string ThumbprintAndId, DateTimeOffset ExpiresAt)
{
    internal byte[] Hash() => SHA256.HashData(Encoding.UTF8.GetBytes(ThumbprintAndId));
}

/// <summary>How long one step of the way in took: <c>token</c>, <c>decrypt</c>, <c>read</c>.</summary>
public sealed record StepTiming(string Step, int Microseconds);

/// <summary>A message that has passed all layers and is to be made safe before it is answered.</summary>
/// <param name="Payload">The plain UTF-8 bytes; encrypted before they touch the disk.</param>
/// <param name="PayloadHash">
/// SHA-256 of the payload: the same bytes again, extracted on the same day, are answered as before (ADR 0051).
/// </param>
public sealed record AcceptedMessage(
    Guid CorrelationId, string Channel, Submitter Submitter, MessageType Type, ReadOnlyMemory<byte> Payload,
    byte[] PayloadHash, UsedProof Proof, int RecordCount, IReadOnlyList<Finding> Findings, DateTimeOffset ReceivedAt,
    IReadOnlyList<StepTiming>? Timings = null);

/// <summary>A message that was refused after its sender was known. Its payload is not kept.</summary>
public sealed record RefusedMessage(
    Guid CorrelationId, string Channel, Submitter? Submitter, string TypeName, string TypeVersion, int ErrorCode,
    int PayloadBytes, byte[]? PayloadHash, UsedProof? Proof, IReadOnlyList<Finding> Findings,
    DateTimeOffset ReceivedAt, IReadOnlyList<StepTiming>? Timings = null);

/// <summary>What storing came to.</summary>
public abstract record StoreOutcome
{
    /// <summary>Safe on disk.</summary>
    public sealed record Stored(Guid SubmissionId) : StoreOutcome;

    /// <summary>The same bytes had come before; nothing was changed.</summary>
    public sealed record Repeated(Guid SubmissionId) : StoreOutcome;

    /// <summary>The proof had been used before, on this node or another.</summary>
    public sealed record ProofReplayed : StoreOutcome;
}
