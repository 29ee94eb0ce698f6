using Kilde.Kernel;
using Kilde.Register.Merging;

namespace Kilde.Register.Tests.Kit;

/// <summary>Messages of chains of notifications, ipl and hst 56.0.0, of one municipality.</summary>
internal static class ChainMessages
{
    public static OrganizationNumber Sender { get; } = OrganizationNumber.Parse("974795930");

    public static DateOnly Day { get; } = new(2022, 4, 2);

    public static Guid IdOf(int no) => Guid.Parse($"00000000-0000-4000-8000-{no:D12}");

    /// <summary>The event that a notification tells of, when it tells of one.</summary>
    public static Guid EventOf(int no) => Guid.Parse($"00000000-0000-4000-9000-{no:D12}");

    public static Notification Told(int no, string status = "N", int? of = null) =>
        new(no, no == 1 ? Guid.Empty : IdOf(no - 1), no, status, of is { } original ? IdOf(original) : null);

    public static string Care(params Notification[] told) =>
        $"""
        <Melding xmlns="http://www.npr.no/xmlstds/56_0_0_ipl" versjon="56.0.0" meldingstype="K" leverandor="L"
          navnEPJ="E" versjonEPJ="1" versjonUt="1">
        {string.Concat(told.Select(one => $"""
          <Notifikasjon {one.Attributes}>
            <{one.Event} tjenesteType="{one.Service}" hendelseRegTid="2022-03-01T09:58:00" tjenesteOrgNr="974795930"
              hendelseDato="{one.On}" tjenesteID="T-1" hendelseGUID="{EventOf(one.No)}">
              <Bruker pasientGUID="33333333-3333-4333-8333-333333333333" brukerNr="7" fid="15851900079" typeID="1"/>
            </{one.Event}>
          </Notifikasjon>
        """))}
          <Kontaktperson kontPerson="T" meldEpost1="t@example.no" typeKontaktperson="1"/>
          <Kommune kommuneNr="5001"/>
        </Melding>
        """;

    public static string Child(params Notification[] told) =>
        $"""
        <Melding xmlns="http://www.npr.no/xmlstds/56_0_0_hst" versjon="56.0.0" meldingstype="K"
          fraDatoPeriode="2022-03-01" tilDatoPeriode="2022-03-31" uttakDato="2022-04-01" leverandor="L" navnEPJ="E"
          versjonEPJ="1" versjonUt="1" lopenr="1">
        {string.Concat(told.Select(one => $"""
          <Notifikasjon {one.Attributes}>{string.Concat(one.Consultations.Select(id => $"""
            <Konsultasjon konsultasjonID="{id}" datoTidStart="2022-03-01T09:00:00"
              konsultasjonRegistrertTidspunkt="2022-03-01T09:30:00" formKonsultasjon="I"
              anbefaltTypeKonsultasjon="6U" amming="1">
              <Barn_ungdom pasientGUID="33333333-3333-4333-8333-333333333333" barn_ungdomNr="7" kjonn="1"
                fodselsar="2019" fid="15851900079" typeID="1"/>
            </Konsultasjon>
          """))}</Notifikasjon>
        """))}
          <Kontaktperson kontPerson="T" meldEpost1="t@example.no" typeKontaktperson="1"/>
          <Kommune kommuneNr="5001"/>
        </Melding>
        """;

    public static Task<MergeOutcome> TakeInAsync(WholeRegister register, string message) =>
        register.TakeInXmlAsync(message, Sender, Day);
}

/// <summary>A notification of a chain, and what it tells.</summary>
internal sealed record Notification(int No, Guid Previous, int Serial, string Status, Guid? Original)
{
    public string Event { get; init; } = "TjenesteStart";

    public string Service { get; init; } = "21";

    public string On { get; init; } = "2022-03-01";

    public string[] Consultations { get; init; } = ["K"];

    public string Attributes =>
        $"statusNotifikasjon=\"{Status}\" notifikasjonTid=\"2022-03-01T10:00:00\" "
        + $"notifikasjonGUID=\"{ChainMessages.IdOf(No)}\" "
        + $"notifikasjonForrigeGUID=\"{Previous}\" notifikasjonLopeNr=\"{Serial}\""
        + (Original is { } original ? $" notifikasjonRef=\"{original}\"" : "");
}
