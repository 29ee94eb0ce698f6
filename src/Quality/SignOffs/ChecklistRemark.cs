using Kilde.Kernel;
using Kilde.Quality.Contacts;

namespace Kilde.Quality.SignOffs;

/// <summary>What the checklist says beside the findings of checks.</summary>
internal static class ChecklistRemark
{
    public static LocalizedText Dropped(long faults)
    {
        var number = Norwegian.Number(faults);
        return new LocalizedText(
            $"Feil i innholdet: {number}. Det som var galt, er ikke tatt med som det stod. Se tilbakemeldingene.",
            $"Feil i innhaldet: {number}. Det som var gale, er ikkje teke med slik det stod. Sjå tilbakemeldingane.",
            $"Errors in the content: {number}. What was wrong is not included as it was written. See the feedback.");
    }

    public static LocalizedText Unreached((ContactType Type, Hindrance Hindrance) what)
    {
        var (nb, nn, en) = ContactTypeNames.Quoted(what.Type);
        return what.Hindrance switch
        {
            Hindrance.NoMobile => new LocalizedText(
                $"Kontaktpersonen av type {nb} har ikke et norsk mobilnummer, så tilbakemeldinger kommer ikke frem.",
                $"Kontaktpersonen av type {nn} har ikkje eit norsk mobilnummer, så tilbakemeldingar kjem ikkje fram.",
                $"The contact of type {en} has no Norwegian mobile number, so feedback cannot be delivered."),
            Hindrance.NoEmail => new LocalizedText(
                $"Kontaktpersonen av type {nb} har ikke gyldig e-postadresse, så tilbakemeldinger kommer ikke frem.",
                $"Kontaktpersonen av type {nn} har ikkje gyldig e-postadresse, så tilbakemeldingar kjem ikkje fram.",
                $"The contact of type {en} has no valid e-mail address, so feedback cannot be delivered."),
            _ => new LocalizedText(
                $"Det er ingen kontaktperson av type {nb}, så tilbakemeldinger kommer ikke frem.",
                $"Det er ingen kontaktperson av type {nn}, så tilbakemeldingar kjem ikkje fram.",
                $"There is no contact of type {en}, so feedback cannot be delivered."),
        };
    }
}
