using System.ComponentModel.DataAnnotations;

namespace Kilde.Intake.Slash;

/// <summary>Limits of the JSON channel. Section <c>Intake:Slash</c>.</summary>
public sealed class SlashOptions
{
    public const string Section = "Intake:Slash";

    /// <summary>Our address as senders see it, for example <c>https://mottak.example.no</c>. Proofs are made for it.
    /// Null takes it from the request, which is right only without a proxy in front.</summary>
    public Uri? PublicAddress { get; set; }

    /// <summary>Largest body of a request, in mebibytes of Base64 text. Larger is refused with 2009.</summary>
    [Range(1, 256)]
    public int BodyMebibytesMax { get; set; } = 15;

    /// <summary>Largest message after decryption, in mebibytes. Larger is refused with 2009.</summary>
    [Range(1, 256)]
    public int MessageMebibytesMax { get; set; } = 15;

    /// <summary>Seconds a body may take to arrive. A sender that is slower is told so and holds no place.</summary>
    [Range(1, 600)]
    public int BodySecondsMax { get; set; } = 60;

    /// <summary>Bits in new key pairs. A message costs a private operation: 3072 bits cost three times 2048.</summary>
    [AllowedValues(2048, 3072, 4096)]
    public int KeyBits { get; set; } = 2048;

    /// <summary>Days a key pair lives.</summary>
    [Range(2, 730)]
    public int KeyDays { get; set; } = 90;

    /// <summary>A new pair is made when the newest has fewer days left than this: senders may keep keys.</summary>
    [Range(1, 365)]
    public int KeyDaysLeftMin { get; set; } = 45;

    /// <summary>Failed decryptions one client may have in ten minutes before it must wait (ADR 0042).</summary>
    [Range(1, 100_000)]
    public int DecryptionFailuresMax { get; set; } = 200;

    /// <summary>True on a test system: message types that are not yet in production are taken in too.</summary>
    public bool TakesTestTypes { get; set; }
}
