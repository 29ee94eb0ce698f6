using Kilde.Kernel;

namespace Kilde.Portal.Shell;

/// <summary>
/// What an address asks for, which anyone may have written by hand: a page takes it as text, and reads it here.
/// </summary>
public static class Asked
{
    /// <summary>What was written, without the spaces around it; null when it is nothing.</summary>
    public static string? Text(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();

    /// <summary>Null when the text is no data year.</summary>
    public static int? Year(string? text) => DataYear.TryParse(text, provider: null, out var year) ? year.Year : null;

    /// <summary>A place in a list; null, which is its beginning, when the text is none.</summary>
    public static Guid? Place(string? text) => Guid.TryParse(text, out var place) ? place : null;
}

/// <summary>An organisation number that an address or a form asks for, in groups or not.</summary>
/// <param name="Text">As it was written; null when nothing was.</param>
public readonly record struct AskedNumber(string? Text, OrganizationNumber? Number)
{
    /// <summary>Something was written, and it is no organisation number.</summary>
    public bool IsWrong => Text is not null && Number is null;

    public static AskedNumber Read(string? text)
    {
        if (Asked.Text(text) is not { } said) return default;
        var digits = string.Concat(said.Where(letter => !char.IsWhiteSpace(letter)));
        return new AskedNumber(said, OrganizationNumber.TryParse(digits, provider: null, out var read) ? read : null);
    }
}
