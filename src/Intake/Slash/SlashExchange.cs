using System.Buffers;
using Kilde.Definitions.Model;
using Kilde.Definitions.Reading;
using Kilde.Intake.Admission;
using Kilde.Intake.Log;
using Kilde.Intake.Slash.Keys;
using Kilde.Kernel;
using Kilde.Platform.Tokens;
using Microsoft.AspNetCore.Http;

namespace Kilde.Intake.Slash;

/// <summary>What is known of one request so far. Each step of <see cref="SlashSteps"/> fills in its part.</summary>
internal sealed class SlashExchange(HttpContext context, Guid correlationId, DateTimeOffset receivedAt) : IDisposable
{
    private byte[]? _body;
    private byte[]? _plain;
    private GatePlace? _place;

    public HttpContext Context { get; } = context;

    public Guid CorrelationId { get; } = correlationId;

    public DateTimeOffset ReceivedAt { get; } = receivedAt;

    /// <summary>True when nothing is to be stored: validation and the connection test.</summary>
    public bool IsTrial { get; init; }

    public AccessToken? Token { get; set; }

    public DpopProof? Proof { get; set; }

    public Submitter? Submitter { get; set; }

    public Envelope? Envelope { get; set; }

    public MessageType? Type { get; set; }

    public SlashKey? Key { get; set; }

    public byte[]? WrappedKey { get; set; }

    public byte[]? ExpectedHash { get; set; }

    public int BodyBytes { get; set; }

    /// <summary>IV and ciphertext, in a rented buffer.</summary>
    public ReadOnlyMemory<byte> Encrypted { get; private set; }

    /// <summary>The message as the sender wrote it, in a rented buffer that is wiped when we are done.</summary>
    public ReadOnlyMemory<byte> Plain { get; private set; }

    public byte[]? PlainHash { get; set; }

    public MessageContent? Content { get; set; }

    /// <summary>
    /// How long each step took that took long, so that staff see where a slow message spent its time.
    /// </summary>
    public List<StepTiming> Timings { get; } = [];

    public IReadOnlyList<Finding> Findings => Content?.Findings ?? [];

    public void HoldPlace(GatePlace place) => _place = place;

    /// <summary>Does no work until <see cref="StepBack"/>; false when too many do so already.</summary>
    public bool TryStepAside() => _place?.TryStepAside() ?? true;

    public void StepBack() => _place?.StepBack();

    public void HoldBody(byte[] rented, int length)
    {
        _body = rented;
        Encrypted = rented.AsMemory(0, length);
    }

    public void HoldPlain(byte[] rented, int length)
    {
        _plain = rented;
        Plain = rented.AsMemory(0, length);
    }

    public void Dispose()
    {
        if (_body is not null) ArrayPool<byte>.Shared.Return(_body);
        if (_plain is not null) ArrayPool<byte>.Shared.Return(_plain, clearArray: true);
        _place?.Dispose();
        (_body, _plain, _place) = (null, null, null);
    }
}

/// <summary>What the proof says about the message, beside being a proof.</summary>
internal sealed record Envelope(
    string TypeName, string TypeVersion, string? Hash, string? WrappedKey, string? KeyId)
{
    public static Envelope Of(DpopProof proof) => new(
        proof.Text("msg_type"u8) ?? "", proof.Text("msg_version"u8) ?? "", proof.Text("msg_hash"u8),
        proof.Text("enc_sym_key"u8), proof.Text("enc_key_id"u8));
}
