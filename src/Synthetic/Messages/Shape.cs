namespace Kilde.Synthetic;

/// <summary>The names a message type has on the wire for what all types have (message-formats § 5).</summary>
/// <param name="Records">The list of records in a unit's block.</param>
/// <param name="Deletions">The list of deleted records.</param>
/// <param name="Key">The sender's own id of a record.</param>
/// <param name="Time">When it happens.</param>
/// <param name="Code">A coded item, required.</param>
/// <param name="LocalCode">Where the unit's own code for the same stands, when the type has that.</param>
internal sealed record Shape(
    string Type, string Version, string Records, string Deletions, string Key, string Time, string Code,
    string? LocalCode)
{
    public const string Deleted = "erSlettet";

    public static Shape Appointment { get; } = new(
        "HST_Avtale", "1", "avtale", "slettAvtale", "avtaleId", "datoTid", "konsultasjonType", "lokalKonsultasjonType");

    public static Shape Consultation { get; } = new(
        "HST_Konsultasjon", "1", "konsultasjon", "slettKonsultasjon", "konsultasjonId", "datoTid", "konsultasjonType",
        "lokalKonsultasjonType");

    public static Shape Contact { get; } = new(
        "Basismelding", "1", "kontakt", "slettKontakt", "kontaktId", "startTid", "kontaktform", LocalCode: null);
}
