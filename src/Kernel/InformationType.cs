namespace Kilde.Kernel;

/// <summary>The eight information types (opplysningstyper) that may be registered, KPR regulation § 2-1 a–h.</summary>
public enum InformationType
{
    /// <summary>a) Directly identifying: fødselsnummer or another identifier.</summary>
    A = 1,

    /// <summary>b) Demographic and socio-economic.</summary>
    B,

    /// <summary>c) Administrative.</summary>
    C,

    /// <summary>d) Health.</summary>
    D,

    /// <summary>e) Accidents and injuries.</summary>
    E,

    /// <summary>f) Reported by the patient or user, only by the person's own act.</summary>
    F,

    /// <summary>g) Financing.</summary>
    G,

    /// <summary>h) Whether the person has objected to processing.</summary>
    H,
}
