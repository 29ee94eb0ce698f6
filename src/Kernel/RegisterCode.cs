namespace Kilde.Kernel;

/// <summary>The register a message belongs to. A dimension of everything, never a fork (samme lest, R1.05).</summary>
public enum RegisterCode
{
    /// <summary>Kommunalt pasient- og brukerregister.</summary>
    Kpr = 1,

    /// <summary>Norsk pasientregister.</summary>
    Npr = 2,
}
