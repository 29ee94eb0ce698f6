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

/// <param name="Checks">Checks whose findings belong here.</param>
public sealed record ChecklistHeading(ChecklistKind Kind, IReadOnlySet<string> Checks);

/// <summary>The checklist before a year is handed in, and which checks answer it.</summary>
public static class Checklist
{
    public static IReadOnlyList<ChecklistHeading> Headings { get; } =
    [
        new(ChecklistKind.TestUsers, Set("KPR-OMS-007")),
        new(ChecklistKind.Registered, Set(
            "KPR-OMS-003", "KPR-OMS-004", "KPR-OMS-016", "KPR-OMS-018", "KPR-OMS-020", "KPR-OMS-025", "KPR-OMS-026",
            "KPR-OMS-027", "KPR-OMS-028", "KPR-OMS-035", "KPR-FEL-001")),
        new(ChecklistKind.Coupled, Set("KPR-OMS-008", "KPR-OMS-010", "KPR-OMS-012", "KPR-OMS-014")),
        new(ChecklistKind.Organizations, Set("KPR-OMS-005", "KPR-OMS-006")),
        new(ChecklistKind.Contacts, Set()),
    ];

    private static HashSet<string> Set(params string[] checks) => checks.ToHashSet(StringComparer.Ordinal);
}
