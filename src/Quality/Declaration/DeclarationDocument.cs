using System.Globalization;
using System.Text;
using Kilde.Kernel;
using Kilde.Quality.Documents;

namespace Kilde.Quality.Declaration;

/// <summary>The declaration as HTML that is one file, asks nothing of the net and runs no script. In bokmål.</summary>
public static class DeclarationDocument
{
    public static byte[] Write(QualityDeclaration declaration)
    {
        var title = $"Kvalitetsdeklarasjon {TitleOf(declaration)}";
        var body = Html.Of(
            $"""
            {Completeness(declaration)}
            {Html.Join(declaration.Records, Records)}
            {Findings(declaration)}
            {Method()}
            """);
        var made = $"Laget {Norwegian.Time(declaration.MadeAt)} av det registeret da hadde.";
        return Encoding.UTF8.GetBytes(ReportPage.Write(
            ReportTexts.In(ReportTexts.Bokmaal), title,
            "Hvor komplette dataene er, hvor godt hver opplysning er utfylt, og hva kontrollene har funnet.", body,
            made).Markup);
    }

    /// <summary>Such as <c>kvalitet-kpr-hst-2026.html</c>.</summary>
    public static string FileNameOf(QualityDeclaration declaration) => string.Create(
        CultureInfo.InvariantCulture,
        $"kvalitet-{declaration.Register}-{declaration.Area}-{declaration.Year}.html").ToLowerInvariant();

    /// <summary>Such as <c>KPR HST 2026</c>.</summary>
    public static string TitleOf(QualityDeclaration declaration) =>
        $"{declaration.Register.ToString().ToUpperInvariant()} {declaration.Area} {declaration.Year}";

    public static string WordOf(ItemGrade? grade) => grade switch
    {
        ItemGrade.Good => "God",
        ItemGrade.Medium => "Middels",
        ItemGrade.Poor => "Dårlig",
        _ => "–",
    };

    /// <summary>With one decimal, never rounded up to all.</summary>
    public static string Percent(double share) => $"{Norwegian.Decimal(PercentOf(share))} %";

    /// <summary>To be told with one decimal: what is not all is never more than 99.9.</summary>
    public static double PercentOf(double share) => share < 1 ? Math.Min(99.9, share * 100) : 100;

    private static Html Completeness(QualityDeclaration declaration)
    {
        var share = declaration.Completeness is { } all
            ? $"{declaration.Reported} av {declaration.Expected} enheter har rapportert ({Percent(all)})."
            : "Ingen enheter er satt opp til å rapportere dette året.";
        var grades = $"Opplysninger som alle poster skal ha: {declaration.CountOf(ItemGrade.Good)} gode, "
            + $"{declaration.CountOf(ItemGrade.Medium)} middels, {declaration.CountOf(ItemGrade.Poor)} dårlige.";
        var missing = declaration.Missing.Count == 0
            ? Html.Empty
            : Html.Of(
                $"""
                <h3>Har ikke rapportert</h3>
                <ul>
                {Html.Join(declaration.Missing, name => Html.Of($"<li>{SafeText.Of(name)}</li>\n"))}</ul>
                """);
        return Html.Of(
            $"""
            <section>
            <h2>Kompletthet</h2>
            <p>{share}</p>
            <p>{grades}</p>
            {missing}
            </section>
            """);
    }

    private static Html Records(DeclaredRecords records) => Html.Of(
        $"""
        <section>
        <h2>{records.Title}</h2>
        <p>{Norwegian.Number(records.Records)} poster fra {Norwegian.Number(records.Units)} enheter,
        {MonthsOf(records)}.</p>
        <table>
        <caption>Utfylling av opplysninger i {records.MessageType}</caption>
        <thead><tr><th scope="col">Opplysning</th><th scope="col">Gyldig andel</th><th scope="col">Ukjent</th>
        <th scope="col">Kvalitet</th></tr></thead>
        <tbody>
        {Html.Join(records.Items, Item)}</tbody>
        </table>
        </section>

        """);

    private static string MonthsOf(DeclaredRecords records) => records.Months switch
    {
        0 => "uten måned",
        12 => "alle årets måneder",
        var months => $"{months} av årets måneder",
    };

    private static Html Item(DeclaredItem item) => Html.Of(
        $"""
        <tr><th scope="row">{item.Title}</th><td>{Percent(item.ValidShare)}</td>
        <td>{Norwegian.Number(item.Unknown)}</td><td>{WordOf(item.Grade)}</td></tr>

        """);

    private static Html Findings(QualityDeclaration declaration)
    {
        if (declaration.Findings.Count == 0)
            return Html.Of($"<section>\n<h2>Kontroller</h2>\n<p>Kontrollene har ingen åpne funn.</p>\n</section>");
        return Html.Of(
            $"""
            <section>
            <h2>Kontroller</h2>
            <table>
            <caption>Åpne funn i dataene</caption>
            <thead><tr><th scope="col">Kontroll</th><th scope="col">Funn</th><th scope="col">Enheter</th>
            <th scope="col">Virker på</th></tr></thead>
            <tbody>
            {Html.Join(declaration.Findings, finding => Html.Of(
                $"""
                <tr><th scope="row">{finding.Titles.Nb} ({finding.CheckId})</th>
                <td>{Norwegian.Number(finding.Standing)}</td>
                <td>{Norwegian.Number(finding.Units)}</td><td>{finding.Affects ?? "–"}</td></tr>

                """))}</tbody>
            </table>
            </section>
            """);
    }

    private static Html Method() => Html.Of(
        $"""
        <section>
        <h2>Slik er det målt</h2>
        <p>Gyldig andel er andelen poster som har en verdi som sier noe; «ukjent» og «uoppgitt» teller ikke. Under 50 %
        er dårlig, 50–90 % er middels, over 90 % er god. Opplysninger som bare noen poster skal ha, er ikke gradert.
        Kompletthet er andelen av enhetene som var satt opp til å rapportere i året, som har poster i registeret.</p>
        </section>
        """);
}
