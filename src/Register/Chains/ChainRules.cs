using Kilde.Definitions.Model;
using Kilde.Kernel;

namespace Kilde.Register.Chains;

/// <summary>What is told of a hole: rule, level and text. What to send again stands in the finding's detail.</summary>
public sealed record ChainRule(string Id, Severity Severity, LocalizedText Text)
{
    private static readonly Dictionary<ChainHoleKind, ChainRule> Rules = new()
    {
        [ChainHoleKind.Missing] = new("KPR-KJE-004", Severity.Error, new(
            "Notifikasjoner foran denne er ikke kommet.",
            "Notifikasjonar framfor denne er ikkje komne.",
            "Notifications before this one have not come.")),
        [ChainHoleKind.Broken] = new("KPR-KJE-005", Severity.Error, new(
            "Notifikasjonen viser til en annen enn den som er kommet foran den.",
            "Notifikasjonen viser til ein annan enn den som er komen framfor han.",
            "The notification names another than the one that came before it.")),
        [ChainHoleKind.Skipped] = new("KPR-KJE-006", Severity.Warning, new(
            "Løpenumre foran denne er hoppet over.",
            "Løpenummer framfor denne er hoppa over.",
            "Serial numbers before this one were passed over.")),
        [ChainHoleKind.Repeated] = new("KPR-KJE-007", Severity.Error, new(
            "En annen notifikasjon har det samme løpenummeret.",
            "Ein annan notifikasjon har det same løpenummeret.",
            "Another notification has the same serial number.")),
        [ChainHoleKind.BeginsLate] = new("KPR-KJE-008", Severity.Warning, new(
            "Kjeden begynner ikke med den første notifikasjonen.",
            "Kjeda byrjar ikkje med den første notifikasjonen.",
            "The chain does not begin with the first notification.")),
        [ChainHoleKind.OriginalUnknown] = new("KPR-KJE-009", Severity.Warning, new(
            "Rettingen eller annulleringen gjelder en notifikasjon som ikke er kommet.",
            "Rettinga eller annulleringa gjeld ein notifikasjon som ikkje er komen.",
            "The correction or annulment is about a notification that has not come.")),
        [ChainHoleKind.NotAnOriginal] = new("KPR-KJE-010", Severity.Error, new(
            "Rettingen eller annulleringen viser til en annen retting eller annullering, ikke til den opprinnelige.",
            "Rettinga eller annulleringa viser til ei anna retting eller annullering, ikkje til den opphavlege.",
            "The correction or annulment refers to another correction or annulment, not to the original.")),
    };

    public static IEnumerable<ChainRule> All => Rules.Values;

    public static ChainRule Of(ChainHoleKind kind) => Rules[kind];

    /// <summary>The hole as a finding for its sender, with the place and what to send again.</summary>
    /// <param name="place">Where the link behind the hole stands in its message.</param>
    public static Finding Tell(ChainHole hole, string place)
    {
        var rule = Of(hole.Kind);
        return new Finding(rule.Id, rule.Severity, place, rule.Text.Nb)
        {
            Detail = new FindingDetail($"{hole.Serial}", WhatToSend(hole), Mender.Vendor),
        };
    }

    /// <summary>What closes the hole, in bokmål.</summary>
    public static string WhatToSend(ChainHole hole) => hole.Kind switch
    {
        ChainHoleKind.Missing when hole.Serial == hole.BeforeSerial + 2 =>
            $"Send notifikasjonen med løpenummer {hole.BeforeSerial + 1} på nytt.",
        ChainHoleKind.Missing =>
            $"Send notifikasjonene med løpenummer {hole.BeforeSerial + 1} til {hole.Serial - 1} på nytt.",
        ChainHoleKind.Broken => $"Send notifikasjonen {Shown(hole.Named)} på nytt, eller rett forrige GUID.",
        ChainHoleKind.Skipped =>
            $"Etter {hole.BeforeSerial} skulle løpenummer {hole.BeforeSerial + 1} komme. "
            + "Mangler noe, send det på nytt.",
        ChainHoleKind.Repeated => $"Hver notifikasjon har sitt eget løpenummer; {Shown(hole.BeforeLink)} har det alt.",
        ChainHoleKind.BeginsLate =>
            $"Send alt til og med {Shown(hole.Named)}, eller bare nuller som forrige GUID i den første.",
        ChainHoleKind.NotAnOriginal =>
            $"Vis til den opprinnelige notifikasjonen (status N) i notifikasjonRef, ikke til {Shown(hole.Named)}.",
        _ => $"Send notifikasjonen {Shown(hole.Named)} på nytt.",
    };

    // Nothing that could be taken for a person's number is told.
    private static string Shown(Guid? id) => IdentifierInText.IsIn($"{id}") ? "***" : $"{id}";
}
