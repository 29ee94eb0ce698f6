namespace Kilde.Kernel;

/// <summary>A text in the languages the register writes; bokmål always, the others when given.</summary>
public sealed record LocalizedText(string Nb, string? Nn = null, string? En = null)
{
    /// <summary>The text in a language (BCP 47), in bokmål where it is not written in that.</summary>
    public string In(string language) => Written(language) ?? Nb;

    /// <summary>The language that <see cref="In"/> gives.</summary>
    public string LanguageOf(string wanted) => Written(wanted) is null ? "nb" : wanted;

    private string? Written(string language) => language switch { "nn" => Nn, "en" => En, _ => Nb };
}
