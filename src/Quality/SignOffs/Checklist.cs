namespace Kilde.Quality.SignOffs;

/// <summary>The five things a municipality looks at before it hands in a year (R3.17).</summary>
public enum ChecklistKind
{
    TestUsers = 1,
    Registered,
    Coupled,
    Organizations,
    Contacts,
}

/// <param name="Title">In bokmål.</param>
/// <param name="Advice">What to do, in bokmål.</param>
/// <param name="Checks">Checks whose findings belong here.</param>
public sealed record ChecklistHeading(ChecklistKind Kind, string Title, string Advice, IReadOnlySet<string> Checks);

/// <summary>The checklist before a year is handed in, and which checks answer it.</summary>
public static class Checklist
{
    public static IReadOnlyList<ChecklistHeading> Headings { get; } =
    [
        new(ChecklistKind.TestUsers, "Ingen testbrukere",
            "Slett brukere som er laget for opplæring eller prøving, før uttrekket lages.",
            Set("KPR-OMS-007")),
        new(ChecklistKind.Registered, "Registrert riktig, så det kommer med",
            "Poster uten start, med umulige datoer eller med koder som er gått ut, faller ut av tallene.",
            Set("KPR-OMS-003", "KPR-OMS-004", "KPR-OMS-016", "KPR-OMS-018", "KPR-OMS-020", "KPR-OMS-025", "KPR-OMS-026",
                "KPR-OMS-027", "KPR-OMS-028", "KPR-FEL-001")),
        new(ChecklistKind.Coupled, "Lokale tjenester er koblet til riktig nasjonal kode",
            "Et stort hopp i en tjeneste betyr ofte at koblingen i fagsystemet er endret.",
            Set("KPR-OMS-008", "KPR-OMS-010", "KPR-OMS-012", "KPR-OMS-014")),
        new(ChecklistKind.Organizations, "Riktig organisasjonsnummer på tjenesten",
            "Hver tjeneste skal ha nummeret til den som gir den, ikke kommunens eget.",
            Set("KPR-OMS-005", "KPR-OMS-006")),
        new(ChecklistKind.Contacts, "Riktige kontaktpersoner",
            "Tilbakemeldinger går til dem som står i filen. Rett dem i fagsystemet.",
            Set()),
    ];

    private static HashSet<string> Set(params string[] checks) => checks.ToHashSet(StringComparer.Ordinal);
}
