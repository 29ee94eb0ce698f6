namespace Kilde.Synthetic;

/// <summary>A contact or a stay. Codes are those of the lists in module ord 53.1.3.</summary>
internal sealed class Episode
{
    public required string Id { get; init; }

    public required TrustDepartment Department { get; init; }

    public required DateTime In { get; init; }

    public required DateTime Out { get; set; }

    /// <summary>List 8406: 1 overnight, 2 day, 3 outpatient.</summary>
    public required int Level { get; init; }

    public string? Series { get; init; }

    public bool IsAcute { get; init; }

    /// <summary>List 8432; null for stays.</summary>
    public int? ContactKind { get; init; }

    /// <summary>List 8401: who met the patient.</summary>
    public int Staff { get; init; } = 1;

    /// <summary>List 8408, with the institution when the patient came from, or went to, another of the trust.</summary>
    public int FromPlace { get; init; } = 1;

    public TrustInstitution? FromInstitution { get; init; }

    public int ToPlace { get; set; } = 1;

    public TrustInstitution? ToInstitution { get; set; }

    /// <summary>List 8481: what the municipality gives before the stay.</summary>
    public int? MunicipalService { get; init; }

    public bool IsBirth { get; init; }

    public bool EndsInDeath { get; set; }

    /// <summary>List 8466; only addiction treatment.</summary>
    public int? EndOfTreatment { get; init; }

    /// <summary>Main condition first.</summary>
    public required List<string> Conditions { get; init; }

    /// <summary>Axes of child mental health for each condition (list 8409).</summary>
    public bool HasAxes { get; init; }

    public List<WardStay> Wards { get; } = [];

    public List<(DateTime At, int Kind)> Moments { get; } = [];

    public List<Procedure> Procedures { get; } = [];

    public LegalBasis? Decision { get; init; }

    public List<(string Kind, DateTime At, int Value)> Measurements { get; } = [];

    /// <summary>List 8425: relatives who took part.</summary>
    public int? Participant { get; init; }
}

internal readonly record struct WardStay(TrustUnit Ward, DateTime In, DateTime Out);

/// <param name="System">List 8410: K, M or R.</param>
internal readonly record struct Procedure(string System, string Code, DateTime At, int Minutes);

/// <summary>A decision by a specialist in mental health, and coercion under it.</summary>
/// <param name="Kind">List 8440.</param>
/// <param name="Coercion">List 8435, with its start.</param>
/// <param name="ComplainedOn">A complaint against it (list 8436: 1).</param>
internal sealed record LegalBasis(
    string Id, int Kind, DateTime At, int? Coercion, DateTime CoercionAt, DateOnly? ComplainedOn);
