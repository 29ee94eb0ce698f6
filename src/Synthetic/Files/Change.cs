namespace Kilde.Synthetic;

/// <summary>Something to be written otherwise than it is, to make it wrong on purpose.</summary>
/// <param name="Path">
/// Elements from the one that is written, which is the first of them; the first of each name is meant.
/// </param>
/// <param name="Attribute">Empty for the text of the last element.</param>
/// <param name="Value">Null to leave it out.</param>
/// <param name="IsAdded">The attribute is not there otherwise.</param>
internal sealed record Change(string Path, string Attribute, string? Value, bool IsAdded = false)
{
    /// <summary>Where the fault stands, as an XPath from the first element; what is left out stands nowhere.</summary>
    public string Place
    {
        get
        {
            var steps = Path.Split('/');
            var last = Value is null && Attribute.Length == 0 ? steps.Length - 1 : steps.Length;
            var place = string.Concat(steps[1..last].Select(step => $"/{step}[1]"));
            return Value is null || Attribute.Length == 0 ? place : $"{place}/@{Attribute}";
        }
    }
}
