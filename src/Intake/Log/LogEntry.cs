using Kilde.Kernel;

namespace Kilde.Intake.Log;

/// <summary>One message on its way into the log, accepted or refused.</summary>
internal sealed record LogEntry(
    Guid SubmissionId, Guid CorrelationId, string Channel, Submitter? Submitter, string TypeName, string TypeVersion,
    byte[]? PayloadHash, long PayloadBytes, byte[]? ProofHash, DateTimeOffset ProofExpiresAt, int RecordCount,
    int? ErrorCode, IReadOnlyList<Finding> Findings, IReadOnlyList<StepTiming> Timings, DateTimeOffset ReceivedAt,
    SealedPayload? Payload)
{
    /// <summary>True when it takes a place in a queue.</summary>
    public bool IsAccepted => ErrorCode is null;

    /// <summary>True when it is stored before it is judged.</summary>
    public bool IsUnjudged { get; init; }

    public SubmissionEnvelope? Envelope { get; init; }

    /// <param name="payload">Stored already, part by part.</param>
    public static LogEntry Of(Guid submissionId, ReceivedMessage message, StoredPayload payload) => new(
        submissionId, message.CorrelationId, message.Channel, message.Submitter, message.TypeName,
        message.TypeVersion, payload.Hash, payload.Bytes, ProofHash: null, ProofExpiresAt: default, RecordCount: 0,
        ErrorCode: null, [], [], message.ReceivedAt, Payload: null)
    {
        IsUnjudged = true,
        Envelope = message.Envelope,
    };

    public static LogEntry Of(Guid submissionId, AcceptedMessage message, SealedPayload payload) => new(
        submissionId, message.CorrelationId, message.Channel, message.Submitter, message.Type.Name,
        message.Type.Version, message.PayloadHash, message.Payload.Length, message.Proof.Hash(),
        message.Proof.ExpiresAt, message.RecordCount, ErrorCode: null, message.Findings, message.Timings ?? [],
        message.ReceivedAt, payload);

    public static LogEntry Of(Guid submissionId, RefusedMessage message) => new(
        submissionId, message.CorrelationId, message.Channel, message.Submitter, message.TypeName,
        message.TypeVersion, message.PayloadHash, message.PayloadBytes,
        message.Proof?.Hash(), message.Proof?.ExpiresAt ?? default, RecordCount: 0,
        message.ErrorCode, message.Findings, message.Timings ?? [], message.ReceivedAt, Payload: null);
}

/// <summary>Byte strings compared by content: hashes as keys.</summary>
internal sealed class BytesComparer : IEqualityComparer<byte[]>, IComparer<byte[]>
{
    public static BytesComparer Instance { get; } = new();

    public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

    // The bytes are SHA-256 output: any four of them are as good a hash as we could make.
    public int GetHashCode(byte[] obj) => BitConverter.ToInt32(obj);

    public int Compare(byte[]? x, byte[]? y) => x.AsSpan().SequenceCompareTo(y);
}
